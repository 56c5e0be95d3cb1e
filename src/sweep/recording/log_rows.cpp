#include "sweep/recording/log_rows.hpp"

#include <algorithm>
#include <utility>

#include "base/text/text_parts.hpp"
#include "malet/experiment.hpp"
#include "record/log/log_access.hpp"
#include "record/table/cells.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/row_matcher.hpp"
#include "sweep/recording/log_snapshot.hpp"

namespace malet::sweep {

namespace {

enum Info : std::size_t { datetime, duration, commit, status };

}  // namespace

LogRows::LogRows(ExperimentLog log, std::vector<std::uint64_t> row_indices,
                 const ConfigIter& configs, std::string commit_hash)
    : log_(std::move(log)),
      row_indices_(std::move(row_indices)),
      configs_(configs),
      commit_hash_(std::move(commit_hash)),
      values_(configs.grid_fields().size()) {
  const auto& axes = configs.grid_fields();
  const Value statics(configs.static_configs());
  for (const std::string& name : log_.grid_fields()) {
    const auto axis = std::find(axes.begin(), axes.end(), name);
    GridColumn column;
    if (axis != axes.end()) {
      column.axis = static_cast<std::size_t>(axis - axes.begin());
    } else if (const Value* value = statics.find(name)) {
      column.fixed = to_cell(*value, ListStyle::tuple);
    }
    grid_columns_.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < Experiment::infos().size(); ++i) {
    info_columns_[i] = metric_column(Experiment::infos()[i], i);
  }
  const auto status_column = record::table_of(log_).column("status");
  for (std::size_t row = 0; row < row_indices_.size(); ++row) {
    if (row_indices_[row] == no_index || !status_column) continue;
    const std::string cell = record::table_of(log_).cell(row, *status_column);
    if (parse_status(cell) != Status::complete) open_[row_indices_[row]] = row;
  }
}

std::size_t LogRows::metric_column(std::string_view name, std::size_t guess) {
  const auto& names = record::table_of(log_).metric_fields();
  if (guess < names.size() && names[guess] == name) return guess;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::size_t added = names.size();
  record::change_table(log_).add_metric_field(std::string(name));
  return added;
}

std::string_view LogRows::refusal(std::string_view metric) const {
  const auto is_in = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), metric) != names.end();
  };
  if (is_in(Experiment::infos())) return "has the name of an info column";
  const auto& statics = log_.static_configs();
  const auto has_name = [&](const auto& field) { return field.first == metric; };
  if (is_in(log_.grid_fields()) || std::any_of(statics.begin(), statics.end(), has_name)) {
    return "has the name of a config field";
  }
  return base::name_flaw(metric);
}

std::string_view LogRows::put(std::uint64_t index, const RowContent& content) {
  write_cells(content);
  write_line(index);
  const bool is_complete = content.status == 'C';
  const auto known = open_.empty() ? open_.end() : open_.find(index);
  if (known != open_.end()) {
    record::change_table(log_).replace(known->second, line_);
    if (is_complete) open_.erase(known);
    return line_;
  }
  const std::size_t row = record::change_table(log_).append(line_);
  row_indices_.push_back(index);
  if (!is_complete) open_[index] = row;
  return line_;
}

void LogRows::drop(std::uint64_t index) {
  const auto known = open_.find(index);
  if (known == open_.end()) return;
  row_indices_[known->second] = dropped_row;
  open_.erase(known);
}

/// The cells of the metric columns, in cells_.
void LogRows::write_cells(const RowContent& content) {
  for (std::string& cell : cells_) cell.clear();
  const auto cell_of = [this](std::size_t column) -> std::string& {
    if (cells_.size() <= column) cells_.resize(column + 1);
    return cells_[column];
  };
  datetime_.append(cell_of(info_columns_[datetime]), content.at);
  base::append_duration(cell_of(info_columns_[duration]), content.duration);
  cell_of(info_columns_[commit]) = commit_hash_;
  cell_of(info_columns_[status]) = content.status;
  std::size_t guess = 4;
  for (const auto& [name, value] : *content.metrics) {
    const std::size_t column = metric_column(name, guess);
    std::string& cell = cell_of(column);
    cell.clear();  // where a name comes twice, the last one counts
    append_cell(cell, value);
    guess = column + 1;
  }
}

std::vector<std::size_t> LogRows::columns_of(const std::vector<std::string>& metrics) {
  std::vector<std::size_t> columns;
  for (const std::string& name : metrics) {
    columns.push_back(grid_columns_.size() + metric_column(name));
  }
  return columns;
}

std::string_view LogRows::line_without(std::uint64_t index,
                                       const std::vector<std::string>& metrics) {
  for (const std::string& name : metrics) cells_.at(metric_column(name)).clear();
  write_line(index);
  return line_;
}

const std::string& LogRows::grid_line(std::uint64_t index) {
  line_.clear();
  configs_.parsed().decode(index, values_);
  for (const GridColumn& column : grid_columns_) {
    if (&column != &grid_columns_.front()) line_ += '\t';
    if (!column.axis) {
      record::append_escaped(line_, column.fixed);
    } else if (const GridValue* value = values_[*column.axis]) {
      record::append_escaped(line_, value->cell);
    }
  }
  return line_;
}

void LogRows::write_line(std::uint64_t index) {
  (void)grid_line(index);
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (i > 0 || !grid_columns_.empty()) line_ += '\t';
    record::append_escaped(line_, cells_[i]);
  }
}

}  // namespace malet::sweep
