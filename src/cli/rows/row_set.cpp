#include "cli/rows/row_set.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "base/text/reject.hpp"
#include "cli/options/folder_check.hpp"
#include "malet/error.hpp"
#include "malet/experiment.hpp"
#include "record/log/cell_check.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/table/cells.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/row_matcher.hpp"

namespace malet::cli {

using record::holds;
using record::static_field;

namespace {

bool is_blank(const Value& value) {
  return value.is_null() || (value.is_real() && std::isnan(value.real()));
}

/// Where a stands to b in one key: before (-1), beside (0) or behind (1).
int compare(const Value& a, const Value& b, bool descending) {
  if (is_blank(a) || is_blank(b))
    return static_cast<int>(is_blank(a)) - static_cast<int>(is_blank(b));
  const int order =
      static_cast<int>(base::sorts_before(b, a)) - static_cast<int>(base::sorts_before(a, b));
  return descending ? -order : order;
}

}  // namespace

std::vector<SortKey> parse_sort_keys(std::string_view text) {
  std::vector<SortKey> keys;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view field = text.substr(0, comma);
    const bool descending = field.substr(0, 1) == "-";
    if (descending) field.remove_prefix(1);
    if (field.empty()) {
      reject("--sort: write fields as in val_loss,-val_acc");
    }
    keys.push_back({std::string(field), descending});
    if (comma == text.size()) return keys;
    text.remove_prefix(comma + 1);
  }
}

RowSet::RowSet(ExperimentLog log)
    : static_configs_(log.static_configs()), grid_fields_(log.grid_fields()) {
  add_fields(log);
  for (std::uint32_t row = 0; row < log.size(); ++row) rows_.push_back({0, row, row});
  logs_.push_back(std::move(log));
}

RowSet::RowSet(sweep::Folder folder)
    : configs_(folder.configs),
      static_configs_(folder.configs.static_configs()),
      grid_fields_(folder.configs.grid_fields()),
      logs_(std::move(folder.logs)) {
  for (const ExperimentLog& log : logs_) add_fields(log);
  for (const sweep::ConfigRow& row : folder.rows) rows_.push_back({row.log, row.row, row.index});
  for (const sweep::ConfigRow& row : folder.foreign) rows_.push_back({row.log, row.row, row.index});
  for (std::uint32_t log = 0; log < logs_.size(); ++log) {
    add_varying_statics(log, folder.row_indices[log]);
  }
}

/// Columns of a log whose field is static in the experiment, with another value in some row.
void RowSet::add_varying_statics(std::uint32_t log, const std::vector<std::uint64_t>& indices) {
  const record::Table& table = record::table_of(logs_[log]);
  for (const std::string& field : logs_[log].grid_fields()) {
    const Value* own = static_field(static_configs_, field);
    const auto column = table.column(field);
    if (own == nullptr || !column || is_grid_field(field)) continue;
    const std::string key = to_key(*own);
    for (std::uint32_t row = 0; row < indices.size(); ++row) {
      if (indices[row] != sweep::no_index) continue;
      if (to_key(from_cell(table.cell(row, *column))) == key) continue;
      grid_fields_.push_back(field);
      break;
    }
  }
}

Value::Map RowSet::static_configs() const {
  Value::Map shared;
  for (const auto& [name, value] : static_configs_) {
    if (!is_grid_field(name)) shared.emplace_back(name, value);
  }
  return shared;
}

void RowSet::add_fields(const ExperimentLog& log) {
  for (const std::string& field : log.metric_fields()) {
    if (!holds(metric_fields_, field)) metric_fields_.push_back(field);
  }
}

bool RowSet::is_grid_field(std::string_view field) const {
  return holds(grid_fields_, field);
}

void RowSet::require_field(std::string_view field) const {
  if (is_grid_field(field) || holds(metric_fields_, field) || static_field(static_configs_, field))
    return;
  // A folder without a log has them, too, only no rows yet.
  if (logs_.empty() && holds(Experiment::infos(), field)) return;
  std::vector<std::string> statics;
  for (const auto& [name, value] : static_configs()) statics.push_back(name);
  throw Error(
      ErrorKind::bad_input,
      fmt::format("there is no field '{}'; the grid's are: {}; the metrics are: {}; static are: {}",
                  field, fmt::join(grid_fields_, ", "), fmt::join(metric_fields_, ", "),
                  fmt::join(statics, ", ")));
}

std::optional<std::uint64_t> RowSet::number(std::size_t position) const {
  const std::uint64_t number = rows_[position].number;
  return number == sweep::no_index ? std::nullopt : std::optional(number);
}

std::optional<Config> RowSet::config(std::size_t position) const {
  const auto index = configs_ ? number(position) : std::nullopt;
  return index ? std::optional(configs_->config(*index)) : std::nullopt;
}

void RowSet::check_cells() const {
  for (const ExperimentLog& log : logs_) record::check_cells(log);
}

Value RowSet::value(std::size_t position, std::string_view field) const {
  Reader reader(*this, {std::string(field)});
  (void)reader.texts(position);
  return reader.whole(0);
}

ExperimentLog RowSet::to_log() const {
  ExperimentLog log = ExperimentLog::from_fields(grid_fields_, metric_fields_, {}, {});
  log.set_static_configs(static_configs());  // one may have a metric's name, as in Malet
  std::vector<std::string> fields = grid_fields_;
  fields.insert(fields.end(), metric_fields_.begin(), metric_fields_.end());
  Reader reader(*this, fields);
  record::Table& table = record::change_table(log);
  table.reserve(size());
  for (std::size_t position = 0; position < size(); ++position) {
    record::LineBuilder builder;
    for (const std::string_view text : reader.whole_texts(position)) builder.add_cell(text);
    table.append(builder.line());
  }
  return log;
}

RowSet::Reader::Reader(const RowSet& rows, const std::vector<std::string>& fields)
    : rows_(&rows), fields_(fields), texts_(fields.size()) {
  for (const std::string& field : fields) {
    const Value* value = static_field(rows.static_configs_, field);
    statics_.push_back(value == nullptr ? std::string() : to_cell(*value));
  }
  for (const ExperimentLog& log : rows.logs_) {
    columns_.emplace_back();
    for (const std::string& field : fields)
      columns_.back().push_back(record::table_of(log).column(field));
  }
}

const std::vector<std::string_view>& RowSet::Reader::texts(std::size_t position) {
  const Row& row = rows_->rows_[position];
  position_ = position;
  config_.reset();
  record::table_of(rows_->logs_[row.log]).split(row.row, line_, scratch_);
  const auto& columns = columns_[row.log];
  for (std::size_t i = 0; i < columns.size(); ++i) {
    texts_[i] = columns[i] ? line_[*columns[i]] : std::string_view(statics_[i]);
  }
  return texts_;
}

Value RowSet::Reader::value(std::size_t place) {
  const std::string& field = fields_[place];
  if (!columns_[rows_->rows_[position_].log][place]) {
    const Value* value = static_field(rows_->static_configs_, field);
    return value == nullptr ? Value() : *value;
  }
  if (rows_->is_grid_field(field)) {
    if (!config_) config_ = rows_->config(position_);
    const Value* value = config_ ? config_->find(field) : nullptr;
    if (value != nullptr) return *value;
  }
  return from_cell(texts_[place]);
}

std::optional<std::size_t> RowSet::Reader::series_length(std::size_t place) const {
  const Row& row = rows_->rows_[position_];
  const ExperimentLog& log = rows_->logs_[row.log];
  if (!record::series_of(log) || !columns_[row.log][place]) return std::nullopt;
  return log.df().series_length(row.row, fields_[place]);
}

Value RowSet::Reader::whole(std::size_t place) {
  if (!series_length(place)) return value(place);
  const Row& row = rows_->rows_[position_];
  return rows_->logs_[row.log].df().value(row.row, fields_[place]);
}

const std::vector<std::string_view>& RowSet::Reader::whole_texts(std::size_t position) {
  (void)texts(position);
  series_.resize(fields_.size());
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (!series_length(i)) continue;
    series_[i] = to_cell(whole(i));
    texts_[i] = series_[i];
  }
  return texts_;
}

void RowSet::keep(const base::Filter& filter) {
  for (const std::string& field : filter.fields()) require_field(field);
  std::vector<std::string> fields = grid_fields_;
  fields.insert(fields.end(), metric_fields_.begin(), metric_fields_.end());
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < fields.size(); ++i) places.emplace(fields[i], i);
  Reader reader(*this, fields);
  std::vector<Value> values(fields.size());
  std::size_t kept = 0;
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    (void)reader.texts(position);
    const bool matches = filter.matches([&](std::string_view field) -> const Value* {
      const auto place = places.find(field);
      if (place == places.end()) return static_field(static_configs_, field);
      values[place->second] = reader.value(place->second);
      return &values[place->second];
    });
    if (matches) rows_[kept++] = rows_[position];
  }
  rows_.resize(kept);
}

void RowSet::keep_failed() {
  if (holds(metric_fields_, "status")) {
    keep(base::Filter("status == F"));
  } else {
    rows_.clear();
  }
}

void RowSet::sort(const std::vector<SortKey>& keys) {
  std::vector<std::string> fields;
  for (const SortKey& key : keys) fields.push_back(key.field);
  for (const std::string& field : fields) require_field(field);
  Reader reader(*this, fields);
  std::vector<std::pair<std::vector<Value>, Row>> keyed;
  for (std::size_t position = 0; position < rows_.size(); ++position) {
    std::vector<Value> values;
    (void)reader.texts(position);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      values.push_back(base::last_value(reader.value(i)));
    }
    keyed.emplace_back(std::move(values), rows_[position]);
  }
  std::stable_sort(keyed.begin(), keyed.end(), [&keys](const auto& a, const auto& b) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
      const int order = compare(a.first[i], b.first[i], keys[i].descending);
      if (order != 0) return order < 0;
    }
    return false;
  });
  for (std::size_t i = 0; i < keyed.size(); ++i) rows_[i] = keyed[i].second;
}

void RowSet::cut(std::size_t most) {
  if (rows_.size() > most) rows_.resize(most);
}

sweep::Folder open_experiment(const std::string& path, Console& console) {
  sweep::Folder folder = sweep::open_folder(path);
  for (const std::string& warning : folder.warnings) console.err.write(warning + "\n");
  return folder;
}

RowSet open_rows(const std::string& path, Console& console) {
  require_experiment_or_log(path);
  if (!std::filesystem::is_directory(path)) return RowSet(sweep::open_log(path));
  return RowSet(open_experiment(path, console));
}

}  // namespace malet::cli
