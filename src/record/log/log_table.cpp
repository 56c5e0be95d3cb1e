#include "malet/experiment_log.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/table.hpp"

namespace malet {

namespace {

Value cell_value(std::string_view cell, bool parse_str) {
  return parse_str || cell.empty() ? from_cell(cell) : Value(cell);
}

/// Names and values of the columns from `first` on, as many as there are names.
Value::Map named_cells(const record::Table& table, std::size_t row, std::size_t first,
                       const std::vector<std::string>& names, bool parse_str) {
  std::vector<std::string_view> cells;
  std::string scratch;
  table.split(row, cells, scratch);
  Value::Map values;
  values.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    values.emplace_back(names[i], cell_value(cells[first + i], parse_str));
  }
  return values;
}

}  // namespace

std::size_t LogTable::size() const {
  return selection_ ? selection_->size() : table_->rows();
}

std::vector<std::string> LogTable::fields() const {
  std::vector<std::string> fields = table_->grid_fields();
  const auto& metrics = table_->metric_fields();
  fields.insert(fields.end(), metrics.begin(), metrics.end());
  return fields;
}

std::string LogTable::text(std::size_t row, std::string_view field) const {
  const auto column = table_->column(field);
  return column ? table_->cell(log_row(row), *column) : std::string();
}

Value LogTable::value(std::size_t row, std::string_view field) const {
  if (series_ != nullptr) {
    if (const auto series = series_->read(*table_, log_row(row), field)) {
      Value list(series->list());
      return parse_str_ ? list : Value(to_cell(list));
    }
  }
  return cell_value(text(row, field), parse_str_);
}

std::optional<std::size_t> LogTable::series_length(std::size_t row, std::string_view field) const {
  return series_ == nullptr ? std::nullopt : series_->length(*table_, log_row(row), field);
}

Value::Map LogTable::configs(std::size_t row) const {
  return named_cells(*table_, log_row(row), 0, table_->grid_fields(), parse_str_);
}

Metrics LogTable::metrics(std::size_t row) const {
  const std::size_t first = table_->grid_fields().size();
  Metrics metrics(named_cells(*table_, log_row(row), first, table_->metric_fields(), parse_str_));
  if (series_ == nullptr) return metrics;
  for (auto& [name, cell] : metrics) {
    if (series_length(row, name)) cell = value(row, name);
  }
  return metrics;
}

LogTable LogTable::select(const std::function<bool(std::size_t)>& keep) const {
  auto rows = std::make_shared<std::vector<std::uint32_t>>();
  for (std::size_t row = 0; row < size(); ++row) {
    if (keep(row)) rows->push_back(static_cast<std::uint32_t>(log_row(row)));
  }
  LogTable selected = *this;
  selected.selection_ = std::move(rows);
  return selected;
}

}  // namespace malet
