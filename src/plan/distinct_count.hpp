#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "plan/sub_grid.hpp"

namespace malet::plan {

/// How many distinct configs some sub-grids have together, by the ids of their columns (0 where a
/// sub-grid lacks a field). They have fewer than 2^32 configs; `fields` is the number of grid
/// fields.
[[nodiscard]] std::uint64_t count_distinct(std::span<const SubGrid> sub_grids, std::size_t fields);

}  // namespace malet::plan
