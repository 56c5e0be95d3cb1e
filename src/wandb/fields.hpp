#pragma once

#include <string>
#include <vector>

#include "malet/value.hpp"
#include "wandb/run.hpp"

namespace malet::wandb {

/// A config field or a metric of runs: its name in W&B and its column in the log.
struct Field {
  std::string name;
  std::string column;
};

/// The config fields of runs.
struct ConfigFields {
  /// Swept parameters in their order, then other fields that differ between runs or that some lack.
  std::vector<Field> grid;
  /// The fields that are the same in all runs.
  Value::Map static_configs;
};

/// The config fields of runs. A field with the name of one of the log's own columns gets the prefix
/// `config.`.
[[nodiscard]] ConfigFields config_fields(const std::vector<Run>& runs,
                                         const std::vector<std::string>& swept);

/// The metrics of runs in the order of `picked`, or as first seen when that is empty. A metric with
/// the name of a config field or of one of the log's own columns gets the prefix `summary.`. Throws
/// Error(bad_input) for a picked metric that no run has.
[[nodiscard]] std::vector<Field> metric_fields(const std::vector<Run>& runs,
                                               const std::vector<std::string>& picked,
                                               const ConfigFields& configs);

}  // namespace malet::wandb
