#include "record/log/carry_over.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/text/reject.hpp"
#include "base/yaml/yaml.hpp"
#include "malet/error.hpp"
#include "record/log/columns.hpp"
#include "record/table/config_fields.hpp"
#include "record/table/key_text.hpp"
#include "record/table/table.hpp"

namespace malet::record {

namespace {

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

void check_fields(const FieldNames& log, const FieldNames& experiment, const Places& places,
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
  reject(
      "{}: the log {}, so its rows are of another experiment than {}: give "
      "the same fields, move the log away, or join logs by `malet-mpi merge`",
      gone.empty() ? places.grid_names() : places.field(gone.front()), what, config_name);
}

void check_values(const Value::Map& log, const Value::Map& experiment, const Places& places,
                  std::string_view config_name) {
  for (const auto& [name, value] : experiment) {
    const Value* logged = static_field(log, name);
    if (logged == nullptr || value_key(*logged) == value_key(value)) continue;
    throw Error(
        ErrorKind::bad_input,
        fmt::format("{}: the static config '{}' is {} in the log and {} in {}: set it "
                    "back, move the log away, or make the field part of the grid",
                    places.field(name), name, to_json(*logged), to_json(value), config_name));
  }
}

/// A field that is to become a grid column must not be a metric column already.
void check_columns(const ExperimentLog& log, const std::vector<std::string>& grid_fields,
                   const Places& places) {
  for (const std::string& field : grid_fields) {
    if (!holds(log.metric_fields(), field)) continue;
    reject(
        "{}: '{}' is a metric in the log and a grid field in the experiment: "
        "rename one, or move the log away",
        places.metric_names(), field);
  }
}

}  // namespace

bool carry_over(ExperimentLog& log, const Value::Map& static_configs,
                const std::vector<std::string>& grid_fields, std::string_view log_name,
                std::string_view config_name) {
  const Places places(log, log_name);
  check_fields(config_fields(log), config_fields(static_configs, grid_fields), places, config_name);
  check_values(log.static_configs(), static_configs, places, config_name);
  check_columns(log, grid_fields, places);
  Value::Map kept = log.static_configs();
  std::vector<std::string> columns = log.grid_fields();
  for (const std::string& field : grid_fields) {
    const auto is_field = [&field](const auto& own) { return own.first == field; };
    if (std::erase_if(kept, is_field) > 0) columns.push_back(field);
  }
  if (columns.size() == log.grid_fields().size()) return false;
  const Table& table = std::as_const(log).table();
  log.table() = in_columns(table, log.static_configs(), std::move(columns), table.metric_fields());
  log.set_static_configs(std::move(kept));
  return true;
}

}  // namespace malet::record
