#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "malet/experiment_log.hpp"
#include "malet/value.hpp"
#include "record/table/table.hpp"

/// The fields of a log by name, and the values that a column holds.
namespace malet::record {

/// Names of config fields: static and grid together.
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

/// The distinct values of a column by key text, sorted: booleans, numbers by value, text, lists,
/// maps. Null is left out. Where all are numbers and not all integers, all are given as reals. With
/// `parse` false the cells' texts.
[[nodiscard]] Value::List distinct_values(const Table& table, std::size_t column, bool parse);

/// The real that pandas.read_csv makes of a number's text. With 16 digits and more it may miss the
/// nearest one by a unit in the last place, so that a log that Python has read and written again
/// holds 123456789.1234568 where it held 123456789.12345679.
[[nodiscard]] double pandas_real(std::string_view number);

}  // namespace malet::record
