#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "malet/experiment_log.hpp"
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

/// Fits a log to an experiment that names the same fields but may place them otherwise, as merging
/// logs does: a field that is static in the log and grid in the experiment becomes a grid column
/// with its value in every row; one that is grid in the log and static in the experiment stays a
/// column. Gives whether the log changed; nothing is written.
///
/// Throws Error(bad_input), and changes nothing, when a field has different values on both sides,
/// or stands on one side only. The names stand for the log and the exp_config.yaml in messages,
/// which give the log's line, as it was loaded.
bool carry_over(ExperimentLog& log, const Value::Map& static_configs,
                const std::vector<std::string>& grid_fields, std::string_view log_name,
                std::string_view config_name);

}  // namespace malet::record
