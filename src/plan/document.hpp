#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::plan {

/// The values of one grid field in one sub-grid: one row for each step of its group, or one row for
/// a field outside of groups. No row is empty.
struct FieldRows {
  std::string name;
  std::vector<Value::List> rows;
};

/// Fields that move together: all have the same number of rows.
using Group = std::vector<FieldRows>;

/// The groups of a sub-grid in the text's order; a field outside of groups is a group of its own.
using SubGridText = std::vector<Group>;

/// The checked content of an exp_config.yaml: list expressions are evaluated, the grid is not
/// expanded.
struct Document {
  Value::Map static_configs;
  std::vector<std::string> grid_fields;  // in expansion order
  std::vector<SubGridText> sub_grids;    // never empty: without a grid, one without groups
  Value::List grid;                      // as written, one map per sub-grid
  std::size_t grid_line = 1;
};

/// Reads an exp_config.yaml. Throws Error(bad_input) `name:line: ...` with the field.
[[nodiscard]] Document parse_document(std::string_view yaml, std::string_view name);

}  // namespace malet::plan
