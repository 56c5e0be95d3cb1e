#include "sweep/log_writer.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/column_name.hpp"
#include "malet/experiment.hpp"
#include "record/tsv.hpp"
#include "sweep/folder.hpp"
#include "sweep/row_matcher.hpp"

namespace malet::sweep {

namespace {

enum Info : std::size_t { datetime, duration, commit, status };

}  // namespace

LogWriter::LogWriter(ExperimentLog log, std::vector<std::uint64_t> row_indices,
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
  const auto status_column = log_.table().column("status");
  for (std::size_t row = 0; row < row_indices_.size(); ++row) {
    if (row_indices_[row] == no_index || !status_column) continue;
    if (parse_status(log_.table().cell(row, *status_column)) == Status::complete) continue;
    rows_[row_indices_[row]] = row;
  }
}

std::size_t LogWriter::metric_column(std::string_view name, std::size_t guess) {
  const auto& names = std::as_const(log_).table().metric_fields();
  if (guess < names.size() && names[guess] == name) return guess;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::size_t added = names.size();
  log_.table().add_metric_field(std::string(name));
  changed_ = true;
  return added;
}

std::string_view LogWriter::refusal(std::string_view metric) const {
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

void LogWriter::put(std::uint64_t index, const RowContent& content) {
  write_line(index, content);
  changed_ = true;
  const auto known = rows_.empty() ? rows_.end() : rows_.find(index);
  if (known != rows_.end()) {
    log_.table().replace(known->second, line_);
    if (content.status == 'C') rows_.erase(known);
    return;
  }
  const std::size_t row = log_.table().append(line_);
  row_indices_.push_back(index);
  if (content.status != 'C') rows_[index] = row;
}

void LogWriter::write_line(std::uint64_t index, const RowContent& content) {
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
  line_.clear();
  configs_.parsed().decode(index, values_);
  for (const GridColumn& column : grid_columns_) {
    if (!line_.empty() || &column != &grid_columns_.front()) line_ += '\t';
    if (!column.axis) {
      record::append_escaped(line_, column.fixed);
    } else if (const GridValue* value = values_[*column.axis]) {
      record::append_escaped(line_, value->cell);
    }
  }
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (i > 0 || !grid_columns_.empty()) line_ += '\t';
    record::append_escaped(line_, cells_[i]);
  }
}

std::vector<std::uint32_t> LogWriter::grid_order() const {
  std::vector<std::uint32_t> order(row_indices_.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::stable_sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
    return row_indices_[a] < row_indices_[b];
  });
  return order;
}

void LogWriter::snapshot() {
  if (std::is_sorted(row_indices_.begin(), row_indices_.end())) {
    record::write_tsv(log_);
  } else {
    record::write_tsv(log_, grid_order());
  }
  changed_ = false;
}

}  // namespace malet::sweep
