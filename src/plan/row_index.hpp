#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "plan/field_index.hpp"
#include "plan/sub_grid.hpp"

namespace malet::plan {

/// Finds the row of a group that holds given values, one per field of the group.
class RowIndex {
 public:
  RowIndex(const SubGrid& sub_grid, std::uint32_t number, const SubGrid::RowGroup& group,
           const std::vector<FieldIndex>& fields);

  /// The first row that holds the values; `ids` has one per grid field.
  [[nodiscard]] std::optional<std::uint32_t> find(const SubGrid& sub_grid,
                                                  const SubGrid::RowGroup& group,
                                                  const std::vector<FieldIndex>& fields,
                                                  std::span<const std::uint32_t> ids) const;

  /// Whether two of the group's combinations of values may be equal. May say so wrongly where rows
  /// hold several values.
  [[nodiscard]] bool may_repeat() const { return may_repeat_; }

 private:
  using Hash = std::uint64_t;

  std::uint32_t sub_grid_;
  bool is_hashed_ = false;  // rows of one value per field, by a hash of their ids
  bool may_repeat_ = false;
  std::unordered_map<Hash, std::uint32_t> rows_;
};

}  // namespace malet::plan
