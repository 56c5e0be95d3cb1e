#include <fmt/ranges.h>

#include <algorithm>

#include "base/text/reject.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/columns.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_content.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/tsv.hpp"

// Changing the fields of a log. What a step may refuse it refuses before anything has changed.
namespace malet {

namespace {

bool has_field(const ExperimentLog& log, const std::string& name) {
  return record::table_of(log).column(name) ||
         record::static_field(log.static_configs(), name) != nullptr;
}

void require_field(const ExperimentLog& log, const std::string& name, const std::string& where) {
  if (has_field(log, name)) return;
  reject("{}there is no field '{}'; the fields are: {}", where, name,
         fmt::join(log.all_fields(), ", "));
}

/// The arguments of a derived field, row by row.
class Arguments {
 public:
  Arguments(const ExperimentLog& log, const std::vector<std::string>& names, bool parse_str)
      : table_(record::table_of(log)), parse_str_(parse_str), values_(names.size()) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      columns_.push_back(table_.column(names[i]));
      if (!columns_[i]) values_[i] = *record::static_field(log.static_configs(), names[i]);
    }
  }

  std::span<const Value> of(std::size_t row) {
    table_.split(row, cells_, scratch_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!columns_[i]) continue;
      const std::string_view cell = cells_[*columns_[i]];
      values_[i] = parse_str_ || cell.empty() ? from_cell(cell) : Value(cell);
    }
    return values_;
  }

 private:
  const record::Table& table_;
  bool parse_str_;
  std::vector<std::optional<std::size_t>> columns_;
  std::vector<Value> values_;
  std::vector<std::string_view> cells_;
  std::string scratch_;
};

/// A derived field is a new one, or a metric that gets other values.
void check_new_field(const ExperimentLog& log, const std::string& name, bool is_index,
                     const std::string& where) {
  if (!is_index && record::holds(log.metric_fields(), name)) return;
  if (has_field(log, name)) {
    reject("{}there is a field '{}' already: drop or rename it first", where, name);
  }
}

/// Of renamed fields: no two may have one name afterwards.
void check_new_names(const std::map<std::string, std::string>& new_names, const Value::Map& statics,
                     const std::vector<std::string>& grid_fields,
                     const std::vector<std::string>& metric_fields, const std::string& where) {
  for (const auto& [name, new_name] : new_names) {
    const auto has_name = [&wanted = new_name](const auto& field) { return field.first == wanted; };
    const auto count = std::count(grid_fields.begin(), grid_fields.end(), new_name) +
                       std::count(metric_fields.begin(), metric_fields.end(), new_name) +
                       std::count_if(statics.begin(), statics.end(), has_name);
    if (count <= 1) continue;
    reject("{}'{}' cannot become '{}', since there is such a field: drop or rename it", where, name,
           new_name);
  }
}

}  // namespace

void ExperimentLog::derive_field(const std::string& name, const FieldFunction& function,
                                 const std::vector<std::string>& arguments, bool is_index) {
  check_new_field(*this, name, is_index, content_->where());
  record::check_names({name}, {}, content_->title());
  for (const std::string& field : arguments) require_field(*this, field, content_->where());
  record::inline_series(*this);
  Arguments values(*this, arguments, content_->parse_str);
  std::vector<std::string> cells(size());
  for (std::size_t row = 0; row < cells.size(); ++row) {
    cells[row] = to_cell(function(values.of(row)), is_index ? ListStyle::tuple : ListStyle::list);
  }
  content_->set_table(record::with_column(content_->table, name, is_index, cells));
}

void ExperimentLog::drop_fields(const std::vector<std::string>& names) {
  for (const std::string& name : names) require_field(*this, name, content_->where());
  record::inline_series(*this);
  const auto is_dropped = [&names](const std::string& name) { return record::holds(names, name); };
  Value::Map statics = static_configs();
  std::erase_if(statics, [&](const auto& field) { return is_dropped(field.first); });
  auto grid = grid_fields();
  auto metrics = metric_fields();
  const std::size_t removed = std::erase_if(grid, is_dropped) + std::erase_if(metrics, is_dropped);
  if (removed > 0) {
    content_->set_table(
        record::in_columns(content_->table, {}, std::move(grid), std::move(metrics)));
  }
  set_static_configs(std::move(statics));
}

void ExperimentLog::rename_fields(const std::map<std::string, std::string>& new_names) {
  for (const auto& [name, new_name] : new_names) require_field(*this, name, content_->where());
  const auto rename = [&new_names](std::string& name) {
    const auto found = new_names.find(name);
    if (found != new_names.end()) name = found->second;
  };
  Value::Map statics = static_configs();
  for (auto& [name, value] : statics) rename(name);
  auto grid = grid_fields();
  auto metrics = metric_fields();
  std::for_each(grid.begin(), grid.end(), rename);
  std::for_each(metrics.begin(), metrics.end(), rename);
  check_new_names(new_names, statics, grid, metrics, content_->where());
  record::check_names(grid, metrics, content_->title());
  record::inline_series(*this);
  record::Table table = content_->table;
  table.rename(std::move(grid), std::move(metrics));
  content_->set_table(std::move(table));
  set_static_configs(std::move(statics));
}

}  // namespace malet
