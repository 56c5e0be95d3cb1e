#include "sweep/reshape/joined_logs.hpp"

#include <algorithm>
#include <utility>

#include "record/log/columns.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/log/series_views.hpp"
#include "sweep/folder/row_matcher.hpp"

namespace malet::sweep {

namespace {

/// Appends the names that are not there yet.
void add_new(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    if (!record::holds(names, name)) names.push_back(name);
  }
}

Value::Map without(Value::Map fields, const std::vector<std::string>& names) {
  std::erase_if(fields, [&](const auto& field) { return record::holds(names, field.first); });
  return fields;
}

}  // namespace

JoinedLogs::JoinedLogs(const Folder& folder) : folder_(folder) {
  std::vector<std::string> grid_fields;
  std::vector<std::string> metric_fields;
  for (const ExperimentLog& log : folder.logs) {
    add_new(grid_fields, log.grid_fields());
    add_new(metric_fields, log.metric_fields());
  }
  for (const ExperimentLog& log : folder.logs) {
    tables_.push_back(record::in_columns(record::table_of(log), log.static_configs(), grid_fields,
                                         metric_fields));
  }
  std::size_t all = 0;
  for (const auto& indices : folder.row_indices) all += indices.size();
  rows_.reserve(all);
  for (std::uint32_t log = 0; log < folder.logs.size(); ++log) {
    const auto& indices = folder.row_indices[log];
    for (std::uint32_t row = 0; row < indices.size(); ++row) {
      rows_.push_back({indices[row], log, row});
    }
  }
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const auto& a, const auto& b) { return a.index < b.index; });
}

std::string_view JoinedLogs::line(const JoinedRow& row) const {
  return tables_[row.log].line(row.row);
}

std::string JoinedLogs::whole_line(const JoinedRow& row) const {
  const ExperimentLog& log = folder_.logs[row.log];
  const record::Table& table = tables_[row.log];
  std::optional<std::string> whole;
  if (record::series_of(log)) {
    record::SeriesByRow series(record::series_of(log),
                               without(folder_.configs.static_configs(), table.grid_fields()),
                               table.grid_fields());
    whole = series.whole_line(table, row.row);
  }
  return whole ? std::move(*whole) : std::string(line(row));
}

bool JoinedLogs::is_complete(const JoinedRow& row) const {
  const record::Table& table = tables_[row.log];
  const auto column = table.column("status");
  return column && parse_status(table.cell(row.row, *column)) == Status::complete;
}

ExperimentLog JoinedLogs::log_of(std::span<const JoinedRow> rows,
                                 const std::filesystem::path& file) const {
  const auto& grid_fields = tables_.front().grid_fields();
  auto log = ExperimentLog::from_fields(grid_fields, tables_.front().metric_fields(), {}, file);
  // One may have a metric's name, as in Malet.
  log.set_static_configs(without(folder_.configs.static_configs(), grid_fields));
  record::Table& table = record::change_table(log);
  for (const record::Table& source : tables_) table.keep(source);
  table.reserve(rows.size());
  for (const JoinedRow& row : rows) table.adopt(line(row), tables_[row.log].cells(row.row));
  return log;
}

void JoinedLogs::fold_group(std::span<const JoinedRow> group, std::vector<JoinedRow>& kept) const {
  const std::uint32_t speaking = folder_.find(group.front().index)->log;
  std::vector<std::string> results;
  const auto keep = [&](const JoinedRow& row) {
    kept.push_back(row);
    results.push_back(whole_line(row));
  };
  for (const JoinedRow& row : group) {
    if (row.log == speaking) keep(row);
  }
  for (const JoinedRow& row : group) {
    if (row.log == speaking || !is_complete(row)) continue;
    if (!record::holds(results, whole_line(row))) keep(row);
  }
}

void JoinedLogs::fold() {
  std::vector<JoinedRow> kept;
  std::size_t written = 0;
  for (std::size_t begin = 0, end = 0; begin < rows_.size(); begin = end) {
    for (end = begin; end < rows_.size() && rows_[end].index == rows_[begin].index;) ++end;
    const std::span<const JoinedRow> group(&rows_[begin], end - begin);
    const bool is_of_one_log = group.front().log == group.back().log;  // sorted by log, too
    kept.clear();
    if (is_of_one_log || group.front().index == no_index) {
      kept.assign(group.begin(), group.end());
    } else {
      fold_group(group, kept);
    }
    for (const JoinedRow& row : kept) rows_[written++] = row;
  }
  rows_.resize(written);
}

}  // namespace malet::sweep
