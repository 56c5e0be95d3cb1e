
#include <algorithm>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/experiment_log.hpp"
#include "record/log/cell_check.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_content.hpp"
#include "record/table/cells.hpp"

// The rows of a log by config: looking one up, reading its metrics, setting them.
namespace malet {

namespace {

/// Throws when a metric that is no metric column of the log yet cannot become one.
void check_new_metric(const std::string& name, const Config& config, const ExperimentLog& log,
                      const std::string& where) {
  const auto& statics = log.static_configs();
  const auto has_name = [&](const auto& field) { return field.first == name; };
  if (config.contains(name) || record::table_of(log).column(name) ||
      std::any_of(statics.begin(), statics.end(), has_name)) {
    reject("{}the metric {} bears the name of a config field: rename it", where,
           base::quoted_name(name));
  }
  const std::string_view flaw = base::name_flaw(name);
  if (flaw.empty()) return;
  reject("{}the metric name {} {}: rename it", where, base::quoted_name(name), flaw);
}

/// Throws where the status would be one that nobody understands.
void check_new_status(const Metrics& metrics, const std::string& where) {
  const Value* status = metrics.find("status");
  if (status == nullptr || record::is_status(to_cell(*status))) return;
  reject("{}the status '{}' is none of C, F and R: give one", where, to_cell(*status));
}

/// The metrics to be set by column; null pointers keep what is there.
using Updates = std::vector<const Value*>;

std::string new_line(const record::Table& table, const Config& config, const Updates& updates) {
  record::LineBuilder builder;
  for (const std::string& name : table.grid_fields()) {
    const Value* value = config.find(name);
    builder.add(value == nullptr ? Value() : *value, ListStyle::tuple);
  }
  for (std::size_t column = table.grid_fields().size(); column < updates.size(); ++column) {
    builder.add(updates[column] == nullptr ? Value() : *updates[column], ListStyle::list);
  }
  return builder.line();
}

std::string updated_line(const record::Table& table, std::size_t row, const Updates& updates) {
  record::LineBuilder builder;
  record::CellWalk walk(table.line(row));
  for (std::size_t column = 0; column < updates.size(); ++column) {
    std::string_view cell;
    if (column < table.cells(row)) walk.next(cell);
    if (updates[column] == nullptr) {
      builder.add_escaped(cell);
    } else {
      builder.add(*updates[column], ListStyle::list);
    }
  }
  return builder.line();
}

/// The columns of the metrics; those that are new to the table are added to it.
Updates metric_columns(record::Table& table, const Metrics& metrics) {
  Updates updates(table.columns());
  for (const auto& [name, value] : metrics) {
    const auto known = table.column(name);
    const std::size_t column = known ? *known : table.add_metric_field(name);
    updates.resize(table.columns());
    updates[column] = &value;
  }
  return updates;
}

}  // namespace

void ExperimentLog::add_result(const Config& configs, const Metrics& metrics) {
  record::Table& table = content_->table;
  const auto keys = content_->grid_keys(configs);
  check_new_status(metrics, content_->where());
  for (const auto& [name, value] : metrics) {
    const auto column = table.column(name);
    if (column && *column >= table.grid_fields().size()) continue;
    check_new_metric(name, configs, *this, content_->where());
  }
  record::KeyIndex& rows = content_->rows();
  const auto row = rows.find(table, keys);
  const Updates updates = metric_columns(table, metrics);
  if (row) {
    table.replace(*row, updated_line(table, *row, updates));
  } else {
    rows.insert(table.append(new_line(table, configs, updates)), keys);
  }
}

bool ExperimentLog::isin(const Config& config) const {
  return content_->static_fields_match(config) &&
         content_->rows().find(content_->table, content_->grid_keys(config)).has_value();
}

Metrics ExperimentLog::get_metric(const Config& config) const {
  if (content_->static_fields_match(config)) {
    const auto row = content_->rows().find(content_->table, content_->grid_keys(config));
    if (row) return df().metrics(*row);
  }
  reject("{}the log has no row for the config {}; ask isin() first", content_->where(),
         config.json());
}

}  // namespace malet
