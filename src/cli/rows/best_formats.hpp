#pragma once

#include <cstddef>
#include <string>

#include "cli/rows/best_configs.hpp"
#include "cli/rows/json_rows.hpp"

namespace malet::cli {

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
