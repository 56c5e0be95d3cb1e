#include "wandb/run_log.hpp"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text/time_text.hpp"
#include "record/log/log_access.hpp"
#include "record/table/cells.hpp"
#include "record/table/table.hpp"
#include "wandb/fields.hpp"
#include "wandb/run.hpp"

namespace malet::wandb {

namespace {

std::vector<std::string> columns_of(const std::vector<Field>& fields) {
  std::vector<std::string> columns;
  for (const Field& field : fields) columns.push_back(field.column);
  return columns;
}

/// Values by name, for runs with hundreds of metrics.
class Lookup {
 public:
  explicit Lookup(const Value::Map& values) {
    for (const auto& [name, value] : values) values_.emplace(name, &value);
  }

  /// Null where there is none of that name.
  [[nodiscard]] const Value* find(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const Value*> values_;
};

/// In the order of record::info_columns.
void add_info(record::LineBuilder& line, const Run& run) {
  std::string duration;
  if (run.duration) base::append_duration(duration, *run.duration);
  line.add_cell(run.updated ? base::datetime_text(*run.updated) : std::string());
  line.add_cell(duration);
  line.add_cell(run.commit);
  line.add_cell(run.status);
}

std::string line_of(const Run& run, const std::vector<Field>& grid,
                    const std::vector<Field>& metrics) {
  const Lookup configs(run.config);
  const Lookup series(run.series);
  const Lookup summary(run.summary);
  record::LineBuilder line;
  for (const Field& field : grid) {
    const Value* value = configs.find(field.name);
    line.add(value == nullptr ? Value() : *value, ListStyle::tuple);
  }
  add_info(line, run);
  for (const Field& field : metrics) {
    const Value* value = series.find(field.name);
    const Value* last = value == nullptr ? summary.find(field.name) : nullptr;
    line.add(value != nullptr  ? *value
             : last != nullptr ? metric_of(*last).value_or(Value())
                               : Value(),
             ListStyle::list);
  }
  return line.line();
}

}  // namespace

ExperimentLog run_log(const std::vector<Run>& runs, const std::vector<std::string>& swept,
                      const std::vector<std::string>& picked, std::filesystem::path logs_file) {
  ConfigFields configs = config_fields(runs, swept);
  const std::vector<Field> metrics = metric_fields(runs, picked, configs);
  std::vector<std::string> columns(record::info_columns.begin(), record::info_columns.end());
  for (std::string& column : columns_of(metrics)) columns.push_back(std::move(column));
  ExperimentLog log =
      ExperimentLog::from_fields(columns_of(configs.grid), std::move(columns),
                                 std::move(configs.static_configs), std::move(logs_file));
  record::Table& table = record::change_table(log);
  table.reserve(runs.size());
  for (const Run& run : runs) table.append(line_of(run, configs.grid, metrics));
  return log;
}

}  // namespace malet::wandb
