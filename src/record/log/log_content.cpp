#include "record/log/log_content.hpp"

#include <algorithm>

#include "record/table/key_text.hpp"

namespace malet {

record::KeyIndex& ExperimentLog::Content::rows() const {
  if (!index) index.emplace(table);
  return *index;
}

record::RowSeries* ExperimentLog::Content::series_of_rows() const {
  if (!series) return nullptr;
  if (!row_series) row_series.emplace(series, static_configs, table.grid_fields());
  return &*row_series;
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

}  // namespace malet
