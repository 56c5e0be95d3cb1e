#pragma once

#include <string>
#include <vector>

#include "malet/value.hpp"
#include "wandb/run.hpp"

namespace malet::wandb {

/// A field of the runs' configs, or one of their metrics: its name there and its column in the log.
struct Field {
  std::string name;
  std::string column;
};

/// What the configs of runs have in common, and in what they differ.
struct ConfigFields {
  /// Swept parameters, in their order, and others in which runs differ or that some lack.
  std::vector<Field> grid;
  Value::Map static_configs;
};

/// Fields that bear the name of one of the log's own columns get `config.` before it.
[[nodiscard]] ConfigFields config_fields(const std::vector<Run>& runs,
                                         const std::vector<std::string>& swept);

/// The metrics of runs, in the order in which they are picked, or, where none are, first seen.
/// Those that bear the name of a config field or of one of the log's own columns get `summary.`
/// before it. Throws Error(bad_input) for a picked one that no run has.
[[nodiscard]] std::vector<Field> metric_fields(const std::vector<Run>& runs,
                                               const std::vector<std::string>& picked,
                                               const ConfigFields& configs);

}  // namespace malet::wandb
