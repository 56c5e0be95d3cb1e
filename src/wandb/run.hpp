#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/time_text.hpp"
#include "malet/value.hpp"
#include "wandb/asked.hpp"

namespace malet::wandb {

/// A run of W&B.
struct Run {
  std::string id;
  /// Its config, without W&B's own fields. Fields of maps are joined by dots: `optimizer.lr`.
  Value::Map config;
  /// The last value of each metric, and everything else in W&B's summary.
  Value::Map summary;
  /// Its history, when fetched: for each metric the list of its logged values.
  Value::Map series;
  std::string status;  ///< C, F or R
  std::string commit;
  std::optional<base::Micros> updated;  ///< since the epoch
  std::optional<base::Micros> duration;
  std::int64_t history_rows = 0;
  std::int64_t last_step = -1;  ///< below 0: no history
};

/// The run in a node of a page of runs, without its history. Throws as Asked::fail when the node is
/// no run.
[[nodiscard]] Run read_run(const Value& node, const Asked& asked);

/// Whether a metric goes into the log: when it was picked, or, when none were, unless it is one of
/// W&B's own, whose names begin with `_`.
[[nodiscard]] bool is_wanted(std::string_view name, const std::vector<std::string>& picked);

/// The value of a scalar in W&B, where NaN and the infinities are texts. Nothing for lists and maps
/// (pictures, tables, histograms).
[[nodiscard]] std::optional<Value> scalar_of(const Value& value);

/// As scalar_of, also for lists of scalars.
[[nodiscard]] std::optional<Value> metric_of(const Value& value);

}  // namespace malet::wandb
