#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/text/time_text.hpp"
#include "malet/value.hpp"
#include "wandb/asked.hpp"

namespace malet::wandb {

/// A run as W&B has it.
struct Run {
  std::string id;
  /// Its config, without W&B's own fields. Fields of maps are joined by dots: `optimizer.lr`.
  Value::Map config;
  /// The last value of each metric, and whatever else was put into the summary.
  Value::Map summary;
  /// Its history, where that was asked for: a list for each metric that was logged, one value for
  /// each time that it was.
  Value::Map series;
  std::string status;  ///< C, F or R
  std::string commit;
  std::optional<base::Micros> updated;  ///< since the epoch
  std::optional<base::Micros> duration;
  std::int64_t history_rows = 0;
  std::int64_t last_step = -1;  ///< below 0: there is no history
};

/// The run that a node of a page of runs stands for, without its history. Throws as Asked::fail for
/// what is no run.
[[nodiscard]] Run read_run(const Value& node, const Asked& asked);

}  // namespace malet::wandb
