#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/rows/row_formats.hpp"
#include "cli/rows/row_set.hpp"

namespace malet::cli {

/// What the best configs are sought by.
struct BestQuery {
  std::string metric;  ///< by its last value, where it is a series
  bool largest = false;
  std::vector<std::string> per;        ///< one best config for each combination of these
  std::vector<std::string> mean_over;  ///< rows that differ in these alone are one config
};

/// Reads `val_loss`, `val_loss:min` or `val_acc:max` into metric and largest. Throws
/// Error(bad_input).
void parse_best(std::string_view text, BestQuery& query);

/// A config, which may have several rows, and what its metric comes to.
struct BestConfig {
  std::size_t position = 0;  ///< of its first row
  std::size_t n = 0;         ///< number of its rows that have a value
  double mean = 0;
  std::optional<double> standard_error;  ///< of a finite mean; nothing where n is 1
};

struct BestConfigs {
  std::vector<std::string> fields;  ///< of `per`, then the other grid fields but mean_over
  std::vector<BestConfig> configs;  ///< one per group, groups in the order of their first rows
  std::size_t not_complete = 0;     ///< rows that were left out since their status is not C
  std::size_t without_value = 0;    ///< complete rows that were left out: no value, or NaN
};

/// The best config of each group; of equal ones the first. Throws Error(bad_input) for fields that
/// are none, one with the name of a result's column, a grid field asked for twice, and metrics with
/// values that are no numbers.
[[nodiscard]] BestConfigs best_configs(const RowSet& rows, const BestQuery& query);

/// A line of names, then one line per config: its fields as they stand in the log, METRIC_mean,
/// METRIC_stderr and n.
void write_best_delimited(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                          char delimiter, const Sink& sink);

/// The document {static_configs, best, left_out, rows}: rows with the same names, typed.
void write_best_json(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                     const Sink& sink);

/// A table for people.
void write_best_table(const RowSet& rows, const BestQuery& query, const BestConfigs& best,
                      std::size_t width, const Sink& sink);

/// What was left out, as a line; empty where nothing was.
[[nodiscard]] std::string left_out_text(const BestQuery& query, const BestConfigs& best);

}  // namespace malet::cli
