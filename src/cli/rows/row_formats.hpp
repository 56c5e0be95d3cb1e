#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/rows/json_rows.hpp"
#include "cli/rows/row_set.hpp"

namespace malet::cli {

/// Cells as a line: those that hold the delimiter, a quote or a line break are quoted.
[[nodiscard]] std::string delimited_line(const std::vector<std::string>& cells, char delimiter);

/// A row as names and typed values.
[[nodiscard]] Value::Map row_object(RowSet::Reader& reader, std::size_t position,
                                    const std::vector<std::string>& fields);

/// The fields' names, then the rows' cells as they stand in the log: `delimiter` is a tab or a
/// comma, and cells that hold it, a quote or a line break are quoted.
void write_delimited(const RowSet& rows, const std::vector<std::string>& fields, char delimiter,
                     const Sink& sink);

/// The document {static_configs, grid_fields, metric_fields, rows}, rows as objects with typed
/// values, and the names of those of its fields that are shown. `more` fields come before the rows.
void write_rows_json(const RowSet& rows, const std::vector<std::string>& fields, const Sink& sink,
                     const Value::Map& more = {});

/// A table for people in lines of at most `width` columns, the rows' numbers first.
void write_rows_table(const RowSet& rows, const std::vector<std::string>& fields, std::size_t width,
                      const Sink& sink);

/// The fields that a table shows when none were asked for: grid fields, metrics (those that rows
/// are sorted by first), and status unless all rows are complete; no other info columns.
[[nodiscard]] std::vector<std::string> table_fields(const RowSet& rows,
                                                    const std::vector<SortKey>& keys);

}  // namespace malet::cli
