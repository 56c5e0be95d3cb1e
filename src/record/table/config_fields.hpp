#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "malet/experiment_log.hpp"
#include "malet/value.hpp"

/// The config fields of a log or an experiment: static and grid together, by name.
namespace malet::record {

using FieldNames = std::set<std::string_view>;

/// The names of the static and grid fields; they live as long as those.
[[nodiscard]] FieldNames config_fields(const Value::Map& static_configs,
                                       const std::vector<std::string>& grid_fields);
[[nodiscard]] FieldNames config_fields(const ExperimentLog& log);

/// The names of one side that the other lacks, sorted.
[[nodiscard]] std::vector<std::string_view> lacking(const FieldNames& names,
                                                    const FieldNames& other);

/// The static field of that name, or nullptr.
[[nodiscard]] const Value* static_field(const Value::Map& static_configs, std::string_view name);

/// Whether the name is among these.
[[nodiscard]] bool holds(const std::vector<std::string>& names, std::string_view name);

}  // namespace malet::record
