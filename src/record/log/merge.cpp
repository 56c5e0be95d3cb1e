#include "record/log/merge.hpp"

#include <algorithm>
#include <utility>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "record/log/cell_check.hpp"
#include "record/log/columns.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_content.hpp"
#include "record/log/log_file.hpp"
#include "record/log/repeated_rows.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/key_text.hpp"
#include "record/table/tsv.hpp"

namespace malet {

namespace {

using Logs = std::vector<ExperimentLog>;

/// Whether the field is static in all logs, with one value.
bool is_shared(const Logs& logs, const std::string& field, const std::string& key) {
  return std::all_of(logs.begin(), logs.end(), [&](const ExperimentLog& log) {
    const Value* value = record::static_field(log.static_configs(), field);
    return value != nullptr && record::value_key(*value) == key;
  });
}

Value::Map shared_statics(const Logs& logs) {
  Value::Map shared;
  for (const auto& [name, value] : logs.front().static_configs()) {
    if (is_shared(logs, name, record::value_key(value))) shared.emplace_back(name, value);
  }
  return shared;
}

void add_new(std::vector<std::string>& names, const std::string& name) {
  if (!record::holds(names, name)) names.push_back(name);
}

/// Grid fields of the logs, then those that are static somewhere but not everywhere the same.
std::vector<std::string> merged_grid_fields(const Logs& logs, const Value::Map& shared) {
  std::vector<std::string> fields;
  for (const ExperimentLog& log : logs) {
    for (const std::string& field : log.grid_fields()) add_new(fields, field);
  }
  for (const ExperimentLog& log : logs) {
    for (const auto& [name, value] : log.static_configs()) {
      if (record::static_field(shared, name) == nullptr) add_new(fields, name);
    }
  }
  return fields;
}

void check_kinds(const std::vector<std::string>& grid_fields,
                 const std::vector<std::string>& metric_fields) {
  for (const std::string& field : grid_fields) {
    if (!record::holds(metric_fields, field)) continue;
    reject(
        "'{}' is a metric in one log and a config field in another: rename one "
        "(--rename), or leave it out (--drop)",
        field);
  }
}

record::Table merged_rows(const Logs& logs, const Value::Map& shared) {
  auto grid_fields = merged_grid_fields(logs, shared);
  std::vector<std::string> metric_fields;
  std::size_t rows = 0;
  for (const ExperimentLog& log : logs) {
    for (const std::string& field : log.metric_fields()) add_new(metric_fields, field);
    rows += log.size();
  }
  check_kinds(grid_fields, metric_fields);
  record::check_names(grid_fields, metric_fields, "the merged log");
  record::Table table(std::move(grid_fields), std::move(metric_fields));
  table.reserve(rows);
  for (const ExperimentLog& log : logs) {
    record::append_rows(table, record::table_of(log), log.static_configs());
  }
  return table;
}

Logs read_logs(const std::vector<std::filesystem::path>& log_files) {
  if (log_files.empty()) {
    reject("there are no logs to merge: name at least one");
  }
  Logs logs;
  for (const auto& file : log_files) logs.push_back(record::read_log(file).log);
  return logs;
}

}  // namespace

namespace record {

ExperimentLog merged(MergeInput input, const MergeOptions& options) {
  for (const ExperimentLog& log : input.logs) check_cells(log);
  for (ExperimentLog& log : input.logs) inline_series(log);  // rows may get another run_id
  for (const FieldFix& fix : options.fixes) apply_fix(input, fix);
  if (options.same) {
    if (options.ask_field) resolve_fields(input, options.ask_field);
    refuse_lacking_fields(input);
  }
  Value::Map shared = shared_statics(input.logs);
  Table table = merged_rows(input.logs, shared);
  (void)fold_repeated_rows(table, options.rows, "the logs cannot be merged");
  ExperimentLog result = std::move(input.logs.front());
  record::change_table(result) = std::move(table);
  result.set_static_configs(std::move(shared));
  return result;
}

}  // namespace record

void ExperimentLog::merge(std::span<const ExperimentLog> others, const MergeOptions& options) {
  record::MergeInput input{{*this}, 1};
  input.logs.insert(input.logs.end(), others.begin(), others.end());
  *this = record::merged(std::move(input), options);
}

ExperimentLog ExperimentLog::merge_tsv(const std::vector<std::filesystem::path>& log_files,
                                       const std::optional<std::filesystem::path>& save_path,
                                       const MergeOptions& options) {
  ExperimentLog log = record::merged({read_logs(log_files), 1}, options);
  if (!save_path) return log;
  log.set_logs_file(*save_path);
  log.to_tsv();
  return log;
}

ExperimentLog ExperimentLog::merge_folder(const std::filesystem::path& logs_path,
                                          const std::optional<std::filesystem::path>& save_path,
                                          const MergeOptions& options) {
  const auto files = base::paths::logs_in(logs_path);
  if (files.empty()) {
    reject(
        "{}: there is no log in this folder: give one with log.tsv, "
        "log_splits/*.tsv or other *.tsv files",
        logs_path.string());
  }
  return merge_tsv(files, save_path, options);
}

std::pair<ExperimentLog, ExperimentLog> ExperimentLog::resolve_merge_conflicts(
    const ExperimentLog& other,
    const std::function<std::optional<FieldFix>(const FieldConflicts&)>& ask) const {
  record::MergeInput input{{*this, other}, 1};
  record::resolve_fields(input, ask);
  return {std::move(input.logs[0]), std::move(input.logs[1])};
}

void ExperimentLog::drop_duplicates(const RowRule& rule) {
  record::Table table = content_->table;
  if (record::fold_repeated_rows(table, rule, content_->title()) == 0) return;
  content_->set_table(std::move(table));
}

}  // namespace malet
