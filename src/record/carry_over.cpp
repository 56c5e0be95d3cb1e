#include "record/carry_over.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/yaml.hpp"
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

/// The names of one side that the other lacks.
std::vector<std::string_view> lacking(const Names& names, const Names& other) {
  std::vector<std::string_view> missing;
  std::set_difference(names.begin(), names.end(), other.begin(), other.end(),
                      std::back_inserter(missing));
  return missing;
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

void check_fields(const Names& log, const Names& experiment, const Places& places,
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
  throw Error(ErrorKind::bad_input,
              fmt::format("{}: the log {}, so its rows are of another experiment than {}: give "
                          "the same fields, move the log away, or join logs by `malet-mpi merge`",
                          gone.empty() ? places.grid_names() : places.field(gone.front()), what,
                          config_name));
}

void check_values(const Value::Map& log, const Value::Map& experiment, const Places& places,
                  std::string_view config_name) {
  for (const auto& [name, value] : experiment) {
    const auto has_name = [&, &field = name](const auto& other) { return other.first == field; };
    const auto logged = std::find_if(log.begin(), log.end(), has_name);
    if (logged == log.end() || value_key(logged->second) == value_key(value)) continue;
    throw Error(ErrorKind::bad_input,
                fmt::format("{}: the static config '{}' is {} in the log and {} in {}: set it "
                            "back, move the log away, or make the field part of the grid",
                            places.field(name), name, to_json(logged->second), to_json(value),
                            config_name));
  }
}

/// A field that is to become a grid column must not be a metric column already.
void check_columns(const ExperimentLog& log, const std::vector<std::string>& grid_fields,
                   const Places& places) {
  const auto& metrics = log.metric_fields();
  for (const std::string& field : grid_fields) {
    if (std::find(metrics.begin(), metrics.end(), field) == metrics.end()) continue;
    throw Error(ErrorKind::bad_input,
                fmt::format("{}: '{}' is a metric in the log and a grid field in the experiment: "
                            "rename one, or move the log away",
                            places.metric_names(), field));
  }
}

}  // namespace

bool carry_over(ExperimentLog& log, const Value::Map& static_configs,
                const std::vector<std::string>& grid_fields, std::string_view log_name,
                std::string_view config_name) {
  const Places places(log, log_name);
  check_fields(config_fields(log.static_configs(), log.grid_fields()),
               config_fields(static_configs, grid_fields), places, config_name);
  check_values(log.static_configs(), static_configs, places, config_name);
  check_columns(log, grid_fields, places);
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
