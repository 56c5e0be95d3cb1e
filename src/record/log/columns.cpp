#include "record/log/columns.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "record/table/cells.hpp"
#include "record/table/config_fields.hpp"
#include "record/table/line_builder.hpp"

namespace malet::record {

namespace {

/// Where the cells of a column come from: a column, or else a text for all rows.
struct Source {
  std::optional<std::size_t> column;
  std::string cell;  // as it stands in a line
};

Source grid_source(const std::string& field, const Table& from, const Value::Map& static_configs) {
  Source source;
  const auto column = from.column(field);
  if (column && *column < from.grid_fields().size()) {
    source.column = column;
  } else if (const Value* value = static_field(static_configs, field); value != nullptr) {
    append_escaped(source.cell, to_cell(*value, ListStyle::tuple));
  }
  return source;
}

Source metric_source(const std::string& field, const Table& from) {
  const auto column = from.column(field);
  const bool is_metric = column && *column >= from.grid_fields().size();
  return {is_metric ? column : std::nullopt, {}};
}

std::vector<Source> sources_of(const Table& to, const Table& from,
                               const Value::Map& static_configs) {
  std::vector<Source> sources;
  for (const std::string& field : to.grid_fields()) {
    sources.push_back(grid_source(field, from, static_configs));
  }
  for (const std::string& field : to.metric_fields()) {
    sources.push_back(metric_source(field, from));
  }
  return sources;
}

/// Whether the columns come first and in the same order, and all others are empty.
bool keeps_places(const std::vector<Source>& sources, std::size_t columns) {
  if (sources.size() < columns) return false;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const bool same =
        i < columns ? sources[i].column == i : !sources[i].column && sources[i].cell.empty();
    if (!same) return false;
  }
  return true;
}

/// The cells of a row as they stand in its line; empty where it ends early.
void read_cells(const Table& table, std::size_t row, std::vector<std::string_view>& cells) {
  cells.assign(table.columns(), {});
  CellWalk walk(table.line(row));
  for (std::size_t i = 0; i < table.cells(row); ++i) walk.next(cells[i]);
}

}  // namespace

void append_rows(Table& to, const Table& from, const Value::Map& static_configs) {
  const auto sources = sources_of(to, from, static_configs);
  if (keeps_places(sources, from.columns())) return to.share(from);
  std::vector<std::string_view> cells;
  std::string line;
  for (std::size_t row = 0; row < from.rows(); ++row) {
    read_cells(from, row, cells);
    line.clear();
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (i > 0) line += '\t';
      line += sources[i].column ? cells[*sources[i].column] : std::string_view(sources[i].cell);
    }
    to.append(line);
  }
}

Table in_columns(const Table& table, const Value::Map& static_configs,
                 std::vector<std::string> grid_fields, std::vector<std::string> metric_fields) {
  Table made(std::move(grid_fields), std::move(metric_fields));
  made.reserve(table.rows());
  append_rows(made, table, static_configs);
  return made;
}

Table with_column(const Table& table, const std::string& field, bool is_grid_field,
                  const std::vector<std::string>& cells) {
  const auto known = table.column(field);
  auto grid_fields = table.grid_fields();
  auto metric_fields = table.metric_fields();
  const std::size_t at = known ? *known : is_grid_field ? grid_fields.size() : table.columns();
  if (!known) (is_grid_field ? grid_fields : metric_fields).push_back(field);
  Table made(std::move(grid_fields), std::move(metric_fields));
  made.reserve(table.rows());
  std::vector<std::string_view> old;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    read_cells(table, row, old);
    LineBuilder builder;
    for (std::size_t i = 0; i < at; ++i) builder.add_escaped(old[i]);
    builder.add_cell(cells[row]);
    for (std::size_t i = at + (known ? 1 : 0); i < old.size(); ++i) builder.add_escaped(old[i]);
    made.append(builder.line());
  }
  return made;
}

}  // namespace malet::record
