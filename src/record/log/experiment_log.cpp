#include "malet/experiment_log.hpp"

#include <algorithm>

#include "base/files/files.hpp"
#include "base/text/reject.hpp"
#include "base/yaml/yaml.hpp"
#include "malet/error.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_content.hpp"
#include "record/log/log_file.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/table/key_text.hpp"
#include "record/table/tsv.hpp"

// Making, reading and writing a log, and what it tells about its fields; its rows by config are in
// log_rows.cpp.
namespace malet {

namespace {

std::vector<std::vector<Value>> cell_values(const record::Table& table, bool parse_str) {
  std::vector<std::vector<Value>> rows(table.rows());
  std::vector<std::string_view> cells;
  std::string scratch;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    table.split(row, cells, scratch);
    rows[row].reserve(cells.size());
    for (const std::string_view cell : cells) {
      rows[row].push_back(parse_str || cell.empty() ? from_cell(cell) : Value(cell));
    }
  }
  return rows;
}

}  // namespace

record::KeyIndex& ExperimentLog::Content::rows() const {
  if (!index) index.emplace(table);
  return *index;
}

record::SeriesByRow* ExperimentLog::Content::series_of_rows() const {
  if (!series) return nullptr;
  if (!series_by_row) series_by_row.emplace(series, static_configs, table.grid_fields());
  return &*series_by_row;
}

std::vector<std::string> ExperimentLog::Content::grid_keys(const Config& config) const {
  std::vector<std::string> keys;
  keys.reserve(table.grid_fields().size());
  for (const std::string& name : table.grid_fields()) {
    const Value* value = config.find(name);
    keys.push_back(value == nullptr ? std::string() : record::value_key(*value));
  }
  return keys;
}

bool ExperimentLog::Content::static_fields_match(const Config& config) const {
  if (!static_keys) {
    static_keys.emplace();
    for (const auto& [name, value] : static_configs) {
      static_keys->emplace_back(name, record::value_key(value));
    }
  }
  return std::all_of(static_keys->begin(), static_keys->end(), [&](const auto& field) {
    const Value* value = config.find(field.first);
    return value == nullptr || record::value_key(*value) == field.second;
  });
}

std::string ExperimentLog::Content::where() const {
  return logs_file.empty() ? std::string() : logs_file.string() + ": ";
}

std::string ExperimentLog::Content::title() const {
  return logs_file.empty() ? "the log" : logs_file.string();
}

ExperimentLog::ExperimentLog() : content_(std::make_unique<Content>()) {}
ExperimentLog::ExperimentLog(const ExperimentLog& other)
    : content_(std::make_unique<Content>(*other.content_)) {}
ExperimentLog::ExperimentLog(ExperimentLog&& other) noexcept = default;
ExperimentLog& ExperimentLog::operator=(const ExperimentLog& other) {
  if (this != &other) content_ = std::make_unique<Content>(*other.content_);
  return *this;
}
ExperimentLog& ExperimentLog::operator=(ExperimentLog&& other) noexcept = default;
ExperimentLog::~ExperimentLog() = default;

ExperimentLog ExperimentLog::from_fields(std::vector<std::string> grid_fields,
                                         std::vector<std::string> metric_fields,
                                         Value::Map static_configs,
                                         std::filesystem::path logs_file) {
  std::vector<std::string> columns = grid_fields;
  columns.insert(columns.end(), metric_fields.begin(), metric_fields.end());
  const std::string where = logs_file.empty() ? "new log" : logs_file.string();
  record::check_names(grid_fields, metric_fields, where);
  for (const auto& [name, value] : static_configs) {
    if (!record::holds(columns, name)) continue;
    throw Error(ErrorKind::bad_input, where + ": the name '" + name +
                                          "' stands twice, for a static config and for a column: "
                                          "rename one");
  }
  ExperimentLog log;
  log.content_->table = record::Table(std::move(grid_fields), std::move(metric_fields));
  log.content_->logs_file = std::move(logs_file);
  log.set_static_configs(std::move(static_configs));
  return log;
}

ExperimentLog ExperimentLog::from_text(std::string text, std::string_view name, bool parse_str) {
  record::LogText parts = record::parse_log(std::move(text), name);
  ExperimentLog log;
  log.content_->static_configs = std::move(parts.static_configs);
  log.content_->header = std::move(parts.header);
  log.content_->table = std::move(parts.table);
  log.content_->parse_str = parse_str;
  return log;
}

ExperimentLog ExperimentLog::from_tsv(const std::filesystem::path& logs_file, bool parse_str) {
  ExperimentLog log = from_text(base::read_file(logs_file), logs_file.string(), parse_str);
  log.content_->logs_file = logs_file;
  return log;
}

ExperimentLog::Parsed ExperimentLog::parse_tsv(const std::filesystem::path& log_file,
                                               bool parse_str) {
  const ExperimentLog log = from_tsv(log_file, parse_str);
  return {log.static_configs(), log.grid_fields(), log.metric_fields(),
          cell_values(record::table_of(log), parse_str)};
}

void ExperimentLog::load_tsv(const std::optional<std::filesystem::path>& logs_file,
                             bool parse_str) {
  const std::filesystem::path& file = logs_file ? *logs_file : content_->logs_file;
  if (file.empty()) {
    reject("the log has no file to be read from: give its path");
  }
  ExperimentLog log = from_tsv(file, parse_str);
  log.content_->logs_file = content_->logs_file;
  log.content_->use_filelock = content_->use_filelock;
  log.content_->lock = content_->lock;
  *this = std::move(log);
}

void ExperimentLog::to_tsv(const std::optional<std::filesystem::path>& logs_file) const {
  const bool elsewhere = logs_file && *logs_file != content_->logs_file;
  const LogLock guard = elsewhere ? LogLock() : lock_file();
  if (elsewhere && content_->series) {
    record::write_tsv(record::with_inline_series(*this), logs_file);
  } else {
    record::write_tsv(*this, logs_file);
  }
}

const Value::Map& ExperimentLog::static_configs() const {
  return content_->static_configs;
}

void ExperimentLog::set_static_configs(Value::Map static_configs) {
  if (static_configs == content_->static_configs) return;
  record::inline_series(*this);  // the runs get other run_ids
  content_->header = base::yaml::dump(static_configs);
  content_->static_configs = std::move(static_configs);
  content_->static_keys.reset();
  content_->series_by_row.reset();
}

const std::string& ExperimentLog::header() const {
  return content_->header;
}

const std::filesystem::path& ExperimentLog::logs_file() const {
  return content_->logs_file;
}

void ExperimentLog::set_logs_file(std::filesystem::path logs_file) {
  content_->logs_file = std::move(logs_file);
}

const std::vector<std::string>& ExperimentLog::grid_fields() const {
  return content_->table.grid_fields();
}

const std::vector<std::string>& ExperimentLog::metric_fields() const {
  return content_->table.metric_fields();
}

std::vector<std::string> ExperimentLog::all_fields() const {
  std::vector<std::string> fields;
  for (const auto& [name, value] : content_->static_configs) fields.push_back(name);
  for (const auto* columns : {&grid_fields(), &metric_fields()}) {
    fields.insert(fields.end(), columns->begin(), columns->end());
  }
  return fields;
}

Value::Map ExperimentLog::grid_dict() const {
  Value::Map values;
  for (std::size_t column = 0; column < grid_fields().size(); ++column) {
    values.emplace_back(grid_fields()[column],
                        record::distinct_values(content_->table, column, content_->parse_str));
  }
  return values;
}

bool ExperimentLog::is_same_exp(const ExperimentLog& other) const {
  return record::config_fields(*this) == record::config_fields(other);
}

LogTable ExperimentLog::df() const {
  return {content_->table, content_->parse_str, content_->series_of_rows()};
}

std::size_t ExperimentLog::size() const {
  return content_->table.rows();
}

namespace record {

struct LogAccess {
  static auto& content(const ExperimentLog& log) { return *log.content_; }
  static LogTable view(const Table& table) { return {table, true, nullptr}; }
};

const Table& table_of(const ExperimentLog& log) {
  return LogAccess::content(log).table;
}

Table& change_table(ExperimentLog& log) {
  auto& content = LogAccess::content(log);
  content.index.reset();
  content.series_by_row.reset();
  return content.table;
}

const std::shared_ptr<const SeriesByRun>& series_of(const ExperimentLog& log) {
  return LogAccess::content(log).series;
}

void set_series(ExperimentLog& log, std::shared_ptr<const SeriesByRun> series) {
  LogAccess::content(log).series = std::move(series);
  LogAccess::content(log).series_by_row.reset();
}

LogTable view_of(const Table& table) {
  return LogAccess::view(table);
}

}  // namespace record

}  // namespace malet
