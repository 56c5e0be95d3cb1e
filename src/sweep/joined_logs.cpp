#include "sweep/joined_logs.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "record/line_builder.hpp"
#include "record/table.hpp"
#include "sweep/row_matcher.hpp"

namespace malet::sweep {

namespace {

constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

const record::Table& table_of(const Folder& folder, std::size_t log) {
  return folder.logs[log].table();
}

/// Appends the names that are not there yet.
void add_new(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
}

Value::Map without(Value::Map fields, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto has_name = [&](const auto& field) { return field.first == name; };
    const auto found = std::find_if(fields.begin(), fields.end(), has_name);
    if (found != fields.end()) fields.erase(found);
  }
  return fields;
}

}  // namespace

JoinedLogs::JoinedLogs(const Folder& folder) : folder_(folder) {
  for (const ExperimentLog& log : folder.logs) {
    add_new(grid_fields_, log.grid_fields());
    add_new(metric_fields_, log.metric_fields());
  }
  for (const ExperimentLog& log : folder.logs) layouts_.push_back(layout_of(log));
  for (std::uint32_t log = 0; log < folder.logs.size(); ++log) {
    const auto& indices = folder.row_indices[log];
    for (std::uint32_t row = 0; row < indices.size(); ++row) {
      rows_.push_back({indices[row], log, row});
    }
  }
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const auto& a, const auto& b) { return a.index < b.index; });
}

JoinedLogs::Layout JoinedLogs::layout_of(const ExperimentLog& log) const {
  Layout layout;
  layout.is_same = log.grid_fields() == grid_fields_ && log.metric_fields() == metric_fields_;
  const Value statics(log.static_configs());
  for (const std::string& field : grid_fields_) {
    layout.sources.push_back(log.table().column(field).value_or(none));
    const Value* value = statics.find(field);
    layout.stand_in.push_back(value == nullptr ? std::string() : to_cell(*value, ListStyle::tuple));
  }
  for (const std::string& field : metric_fields_) {
    layout.sources.push_back(log.table().column(field).value_or(none));
  }
  return layout;
}

std::string JoinedLogs::line_of(const JoinedRow& row) const {
  const record::Table& table = table_of(folder_, row.log);
  const Layout& layout = layouts_[row.log];
  std::vector<std::string_view> cells;
  std::string scratch;
  table.split(row.row, cells, scratch);
  record::LineBuilder line;
  for (std::size_t column = 0; column < layout.sources.size(); ++column) {
    const std::size_t source = layout.sources[column];
    if (source != none) {
      line.add_cell(cells[source]);
    } else {
      line.add_cell(column < layout.stand_in.size() ? layout.stand_in[column] : std::string());
    }
  }
  return line.line();
}

void JoinedLogs::append(record::Table& table, const JoinedRow& row) const {
  const record::Table& source = table_of(folder_, row.log);
  if (layouts_[row.log].is_same) {
    table.adopt(source.line(row.row), source.cells(row.row));
  } else {
    table.append(line_of(row));
  }
}

ExperimentLog JoinedLogs::log_of(std::span<const JoinedRow> rows,
                                 const std::filesystem::path& file) const {
  auto log = ExperimentLog::from_fields(
      grid_fields_, metric_fields_, without(folder_.configs.static_configs(), grid_fields_), file);
  record::Table& table = log.table();
  for (std::size_t i = 0; i < layouts_.size(); ++i) {
    if (layouts_[i].is_same) table.keep(table_of(folder_, i));
  }
  table.reserve(rows.size());
  for (const JoinedRow& row : rows) append(table, row);
  return log;
}

Status JoinedLogs::status_of(const JoinedRow& row) const {
  const record::Table& table = table_of(folder_, row.log);
  const auto column = table.column("status");
  return column ? parse_status(table.cell(row.row, *column)) : Status::none;
}

std::uint32_t JoinedLogs::speaking_log(std::span<const JoinedRow> group) const {
  const ConfigRow* speaking = folder_.find(group.front().index);
  return speaking == nullptr ? group.back().log : speaking->log;
}

void JoinedLogs::fold_group(std::span<const JoinedRow> group, std::vector<JoinedRow>& kept) const {
  const std::uint32_t speaking = speaking_log(group);
  std::vector<std::string> results;
  for (const JoinedRow& row : group) {
    if (row.log != speaking) continue;
    kept.push_back(row);
    results.push_back(line_of(row));
  }
  for (const JoinedRow& row : group) {
    if (row.log == speaking || status_of(row) != Status::complete) continue;
    std::string line = line_of(row);
    if (std::find(results.begin(), results.end(), line) != results.end()) continue;
    kept.push_back(row);
    results.push_back(std::move(line));
  }
}

void JoinedLogs::fold() {
  std::vector<JoinedRow> kept;
  kept.reserve(rows_.size());
  for (std::size_t begin = 0, end = 0; begin < rows_.size(); begin = end) {
    for (end = begin; end < rows_.size() && rows_[end].index == rows_[begin].index;) ++end;
    const std::span<const JoinedRow> group(&rows_[begin], end - begin);
    const bool is_of_one_log = group.front().log == group.back().log;  // sorted by log, too
    if (is_of_one_log || group.front().index == no_index) {
      kept.insert(kept.end(), group.begin(), group.end());
    } else {
      fold_group(group, kept);
    }
  }
  rows_ = std::move(kept);
}

}  // namespace malet::sweep
