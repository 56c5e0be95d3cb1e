#pragma once

#include <string>
#include <vector>

#include "malet/value.hpp"
#include "record/table/table.hpp"

/// Rows in other columns than those they have. Cells that are taken over keep their text.
namespace malet::record {

/// Appends a log's rows to a table. A grid column's cells are those of the log's grid column of
/// that name, else its static field's value in every row, else empty; a metric column's those of
/// the metric column, else empty. Where all columns have the same places lines are shared, at no
/// cost per byte.
void append_rows(Table& to, const Table& from, const Value::Map& static_configs);

/// A new table with these columns, filled by append_rows.
[[nodiscard]] Table in_columns(const Table& table, const Value::Map& static_configs,
                               std::vector<std::string> grid_fields,
                               std::vector<std::string> metric_fields);

/// A new table with a column more, or other cells in one that it has: `cells` are their texts, one
/// per row. A new grid field stands behind the other grid fields, a new metric at the end.
[[nodiscard]] Table with_column(const Table& table, const std::string& field, bool is_grid_field,
                                const std::vector<std::string>& cells);

}  // namespace malet::record
