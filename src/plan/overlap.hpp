#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "plan/field_index.hpp"
#include "plan/sub_grid.hpp"

namespace malet::plan {

/// Whether two sub-grids may have a config in common. False is certain. True may be wrong for so
/// many sub-grids that comparing all pairs would take too long.
[[nodiscard]] bool may_overlap(std::span<const SubGrid> sub_grids,
                               const std::vector<FieldIndex>& fields);

/// The number of distinct configs of all sub-grids, compared by the ids of their values (0 for a
/// field that a sub-grid lacks). Together they must have fewer than 2^32 configs. \param fields the
/// number of grid fields
[[nodiscard]] std::uint64_t count_distinct(std::span<const SubGrid> sub_grids, std::size_t fields);

}  // namespace malet::plan
