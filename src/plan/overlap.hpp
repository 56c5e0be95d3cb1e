#pragma once

#include <span>
#include <vector>

#include "plan/field_index.hpp"
#include "plan/sub_grid.hpp"

namespace malet::plan {

/// Whether two sub-grids may have a config in common. No is certain: any two of them share no value
/// in some field. Yes may be wrong for very many sub-grids, where comparing all pairs is too long.
[[nodiscard]] bool may_overlap(std::span<const SubGrid> sub_grids,
                               const std::vector<FieldIndex>& fields);

}  // namespace malet::plan
