#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "plan/field_index.hpp"
#include "plan/row_index.hpp"
#include "plan/sub_grid.hpp"

namespace malet::plan {

/// From values to the place of a config: the inverse of SubGrid::decode over all sub-grids.
class GridIndex {
 public:
  struct Found {
    std::uint32_t sub_grid;
    std::uint64_t index;  ///< in the sub-grid
  };

  /// Numbers the values of the columns. The sub-grids must outlive the index and stay as they are.
  GridIndex(std::span<SubGrid> sub_grids, std::size_t fields);

  /// The id of a field's key text; `none` when the grid has no such value.
  [[nodiscard]] std::uint32_t id(std::size_t field, std::string_view key) const {
    return fields_[field].id(key);
  }
  /// The first config with these values, one id per grid field; 0 for null and absent ones.
  [[nodiscard]] std::optional<Found> find(std::span<const std::uint32_t> ids) const;
  /// Whether some config may stand in the grid more than once. No is certain, yes is not.
  [[nodiscard]] bool may_repeat() const { return may_repeat_; }

 private:
  [[nodiscard]] std::optional<std::uint64_t> find_in(std::uint32_t number,
                                                     std::span<const std::uint32_t> ids) const;
  [[nodiscard]] bool place_columns(std::uint32_t number, std::span<const std::uint32_t> ids,
                                   std::span<Place> places) const;
  [[nodiscard]] bool repeats_inside(std::uint32_t number) const;

  std::span<const SubGrid> sub_grids_;
  std::vector<FieldIndex> fields_;
  std::vector<std::vector<RowIndex>> rows_;  // per sub-grid and group
  bool may_repeat_ = false;
};

}  // namespace malet::plan
