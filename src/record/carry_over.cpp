#include "record/carry_over.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "malet/error.hpp"
#include "record/key_text.hpp"
#include "record/table.hpp"

namespace malet::record {

namespace {

using Names = std::set<std::string_view>;

Names config_fields(const Value::Map& static_configs, const std::vector<std::string>& grid_fields) {
  Names names(grid_fields.begin(), grid_fields.end());
  for (const auto& [name, value] : static_configs) names.insert(name);
  return names;
}

/// The names of one side that the other lacks, as `'a', 'b'`.
std::string lacking(const Names& names, const Names& other) {
  std::vector<std::string> quoted;
  for (const std::string_view name : names) {
    if (other.count(name) == 0) quoted.push_back(fmt::format("'{}'", name));
  }
  return fmt::format("{}", fmt::join(quoted, ", "));
}

void check_fields(const Names& log, const Names& experiment, std::string_view log_name,
                  std::string_view config_name) {
  const std::string gone = lacking(log, experiment);
  const std::string added = lacking(experiment, log);
  if (gone.empty() && added.empty()) return;
  std::string what;
  if (!added.empty()) what = fmt::format("has no field {}", added);
  if (!gone.empty()) {
    what += fmt::format("{}has the field {} that {} lacks", what.empty() ? "" : " and ", gone,
                        config_name);
  }
  throw Error(ErrorKind::bad_input,
              fmt::format("{}: the log {}, so its rows are of another experiment than {}: give "
                          "the same fields, move the log away, or join logs by `malet-mpi merge`",
                          log_name, what, config_name));
}

void check_values(const Value::Map& log, const Value::Map& experiment, std::string_view log_name,
                  std::string_view config_name) {
  for (const auto& [name, value] : experiment) {
    const auto has_name = [&, &field = name](const auto& other) { return other.first == field; };
    const auto logged = std::find_if(log.begin(), log.end(), has_name);
    if (logged == log.end() || value_key(logged->second) == value_key(value)) continue;
    throw Error(ErrorKind::bad_input,
                fmt::format("{}: the static config '{}' is {} in the log and {} in {}: set it "
                            "back, move the log away, or make the field part of the grid",
                            log_name, name, to_json(logged->second), to_json(value), config_name));
  }
}

/// A field that is to become a grid column must not be a metric column already.
void check_columns(const ExperimentLog& log, const std::vector<std::string>& grid_fields,
                   std::string_view log_name) {
  const auto& metrics = log.metric_fields();
  for (const std::string& field : grid_fields) {
    if (std::find(metrics.begin(), metrics.end(), field) == metrics.end()) continue;
    throw Error(ErrorKind::bad_input,
                fmt::format("{}: '{}' is a metric in the log and a grid field in the experiment: "
                            "rename one, or move the log away",
                            log_name, field));
  }
}

}  // namespace

bool carry_over(ExperimentLog& log, const Value::Map& static_configs,
                const std::vector<std::string>& grid_fields, std::string_view log_name,
                std::string_view config_name) {
  check_fields(config_fields(log.static_configs(), log.grid_fields()),
               config_fields(static_configs, grid_fields), log_name, config_name);
  check_values(log.static_configs(), static_configs, log_name, config_name);
  check_columns(log, grid_fields, log_name);
  Value::Map kept = log.static_configs();
  bool changed = false;
  for (const std::string& field : grid_fields) {
    const auto moved =
        std::find_if(kept.begin(), kept.end(), [&](const auto& own) { return own.first == field; });
    if (moved == kept.end()) continue;
    log.table().add_grid_field(field, to_cell(moved->second, ListStyle::tuple));
    kept.erase(moved);
    changed = true;
  }
  log.set_static_configs(std::move(kept));
  return changed;
}

}  // namespace malet::record
