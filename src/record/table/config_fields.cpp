#include "record/table/config_fields.hpp"

#include <algorithm>
#include <iterator>

namespace malet::record {

FieldNames config_fields(const Value::Map& static_configs,
                         const std::vector<std::string>& grid_fields) {
  FieldNames names(grid_fields.begin(), grid_fields.end());
  for (const auto& [name, value] : static_configs) names.insert(name);
  return names;
}

FieldNames config_fields(const ExperimentLog& log) {
  return config_fields(log.static_configs(), log.grid_fields());
}

std::vector<std::string_view> lacking(const FieldNames& names, const FieldNames& other) {
  std::vector<std::string_view> missing;
  std::set_difference(names.begin(), names.end(), other.begin(), other.end(),
                      std::back_inserter(missing));
  return missing;
}

const Value* static_field(const Value::Map& static_configs, std::string_view name) {
  const auto found = std::find_if(static_configs.begin(), static_configs.end(),
                                  [name](const auto& field) { return field.first == name; });
  return found == static_configs.end() ? nullptr : &found->second;
}

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace malet::record
