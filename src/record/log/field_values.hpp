#pragma once

#include <cstddef>

#include "malet/value.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// The distinct values of a column by key text, sorted: booleans, numbers by value, text, lists,
/// maps. Null is left out. Where all are numbers and not all integers, all are given as reals. With
/// `parse` false the cells' texts.
[[nodiscard]] Value::List distinct_values(const Table& table, std::size_t column, bool parse);

}  // namespace malet::record
