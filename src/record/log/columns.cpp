#include "record/log/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text/reject.hpp"
#include "base/yaml/yaml.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/table/cells.hpp"
#include "record/table/key_text.hpp"

namespace malet::record {

namespace {

/// Where the cells of a column come from: a column, or else a text for all rows.
struct CellSource {
  std::optional<std::size_t> column;
  std::string cell;  // as it stands in a line
};

CellSource grid_source(const std::string& field, const Table& from,
                       const Value::Map& static_configs) {
  CellSource source;
  const auto column = from.column(field);
  if (column && *column < from.grid_fields().size()) {
    source.column = column;
  } else if (const Value* value = static_field(static_configs, field); value != nullptr) {
    append_escaped(source.cell, to_cell(*value, ListStyle::tuple));
  }
  return source;
}

CellSource metric_source(const std::string& field, const Table& from) {
  const auto column = from.column(field);
  const bool is_metric = column && *column >= from.grid_fields().size();
  return {is_metric ? column : std::nullopt, {}};
}

std::vector<CellSource> sources_of(const Table& to, const Table& from,
                                   const Value::Map& static_configs) {
  std::vector<CellSource> sources;
  for (const std::string& field : to.grid_fields()) {
    sources.push_back(grid_source(field, from, static_configs));
  }
  for (const std::string& field : to.metric_fields()) {
    sources.push_back(metric_source(field, from));
  }
  return sources;
}

/// Whether the columns come first and in the same order, and all others are empty.
bool keeps_places(const std::vector<CellSource>& sources, std::size_t columns) {
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

/// Where things stand in a log's file, as "log.tsv:3".
class Places {
 public:
  Places(const ExperimentLog& log, std::string_view name) : log_(log), name_(name) {
    names_ =
        static_cast<std::size_t>(std::count(log.header().begin(), log.header().end(), '\n')) + 3;
  }

  [[nodiscard]] std::string metric_names() const { return at(names_); }
  [[nodiscard]] std::string grid_names() const { return at(names_ + 1); }
  /// Of a static config, else of the grid fields' names.
  [[nodiscard]] std::string field(std::string_view field) const {
    // The line break stands for the title.
    const auto header = base::yaml::parse("\n" + log_.header(), name_, base::yaml::Schema::pyyaml);
    for (const auto& [name, line] : header.keys) {
      if (name == field) return at(line);
    }
    return grid_names();
  }

 private:
  [[nodiscard]] std::string at(std::size_t line) const { return fmt::format("{}:{}", name_, line); }

  const ExperimentLog& log_;
  std::string_view name_;
  std::size_t names_ = 0;
};

void check_fields(const FieldNames& log, const FieldNames& experiment, const Places& places,
                  std::string_view config_name) {
  const auto gone = lacking(log, experiment);
  const auto added = lacking(experiment, log);
  if (gone.empty() && added.empty()) return;
  std::string what;
  if (!added.empty()) what = fmt::format("has no field '{}'", fmt::join(added, "', '"));
  if (!gone.empty()) {
    what += fmt::format("{}has the field '{}' that {} lacks", what.empty() ? "" : " and ",
                        fmt::join(gone, "', '"), config_name);
  }
  reject(
      "{}: the log {}, so its rows are of another experiment than {}: give "
      "the same fields, move the log away, or join logs by `malet-mpi merge`",
      gone.empty() ? places.grid_names() : places.field(gone.front()), what, config_name);
}

void check_values(const Value::Map& log, const Value::Map& experiment, const Places& places,
                  std::string_view config_name) {
  for (const auto& [name, value] : experiment) {
    const Value* logged = static_field(log, name);
    if (logged == nullptr || value_key(*logged) == value_key(value)) continue;
    reject(
        "{}: the static config '{}' is {} in the log and {} in {}: set it "
        "back, move the log away, or make the field part of the grid",
        places.field(name), name, to_json(*logged), to_json(value), config_name);
  }
}

/// A field that is to become a grid column must not be a metric column already.
void check_columns(const ExperimentLog& log, const std::vector<std::string>& grid_fields,
                   const Places& places) {
  for (const std::string& field : grid_fields) {
    if (!holds(log.metric_fields(), field)) continue;
    reject(
        "{}: '{}' is a metric in the log and a grid field in the experiment: "
        "rename one, or move the log away",
        places.metric_names(), field);
  }
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

bool carry_over(ExperimentLog& log, const Value::Map& static_configs,
                const std::vector<std::string>& grid_fields, std::string_view log_name,
                std::string_view config_name) {
  const Places places(log, log_name);
  check_fields(config_fields(log), config_fields(static_configs, grid_fields), places, config_name);
  check_values(log.static_configs(), static_configs, places, config_name);
  check_columns(log, grid_fields, places);
  Value::Map kept = log.static_configs();
  std::vector<std::string> columns = log.grid_fields();
  for (const std::string& field : grid_fields) {
    const auto is_field = [&field](const auto& own) { return own.first == field; };
    if (std::erase_if(kept, is_field) > 0) columns.push_back(field);
  }
  if (columns.size() == log.grid_fields().size()) return false;
  const Table& table = table_of(log);
  change_table(log) =
      in_columns(table, log.static_configs(), std::move(columns), table.metric_fields());
  log.set_static_configs(std::move(kept));
  return true;
}

}  // namespace malet::record
