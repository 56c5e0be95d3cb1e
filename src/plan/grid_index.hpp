#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plan/field_index.hpp"
#include "plan/sub_grid.hpp"

namespace malet::plan {

/// Finds the row of a group by its values, one per field of the group.
class RowIndex {
 public:
  RowIndex(const SubGrid& sub_grid, std::uint32_t number, const SubGrid::RowGroup& group,
           const std::vector<FieldIndex>& fields);

  /// The first row with these values; `ids` has one per grid field.
  [[nodiscard]] std::optional<std::uint32_t> find(const SubGrid& sub_grid,
                                                  const SubGrid::RowGroup& group,
                                                  const std::vector<FieldIndex>& fields,
                                                  std::span<const std::uint32_t> ids) const;

  /// Whether two of the group's combinations of values may be equal. False is certain; true is not
  /// when rows hold several values.
  [[nodiscard]] bool may_repeat() const { return may_repeat_; }

 private:
  using Hash = std::uint64_t;

  std::uint32_t sub_grid_;
  bool is_hashed_ = false;  // each row has one value per field, and rows_ has the hash of their ids
  bool may_repeat_ = false;
  std::unordered_map<Hash, std::uint32_t> rows_;
};

/// Finds a config by its values: the inverse of SubGrid::decode over all sub-grids.
class GridIndex {
 public:
  struct Found {
    std::uint32_t sub_grid;
    std::uint64_t index;  ///< in the sub-grid
  };

  /// Sets the ids of the columns' values. The sub-grids must outlive the index unchanged.
  GridIndex(std::span<SubGrid> sub_grids, std::size_t fields);

  /// The id of a field's key text; `none` when the grid has no such value.
  [[nodiscard]] std::uint32_t id(std::size_t field, std::string_view key) const {
    return fields_[field].id(key);
  }
  /// The first config with these values, one id per grid field; 0 for null and absent ones.
  [[nodiscard]] std::optional<Found> find(std::span<const std::uint32_t> ids) const;
  /// Whether the grid may list a config more than once. False is certain, true is not.
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
