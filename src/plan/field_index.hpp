#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plan/sub_grid.hpp"

namespace malet::plan {

/// The places of each value of one grid field.
///
/// A value has an id by its key text. Id 0 is the empty key text: null, or a sub-grid without the
/// field.
class FieldIndex {
 public:
  /// The first place of a value in one row of one sub-grid.
  struct Occurrence {
    std::uint32_t sub_grid;
    std::uint32_t row;
    std::uint32_t digit;
  };

  FieldIndex();
  /// Adds the values of a column and sets its ids. Columns must come in the order of the sub-grids
  /// and outlive the index, which refers to their key texts.
  void add(std::uint32_t sub_grid, Column& column);
  /// Call it once, after the last column.
  void finish();

  /// The id of a key text; `none` when the field has no such value.
  [[nodiscard]] std::uint32_t id(std::string_view key) const;
  [[nodiscard]] std::uint32_t ids() const { return static_cast<std::uint32_t>(numbers_.size()); }
  /// How many sub-grids have the field.
  [[nodiscard]] std::size_t columns() const { return columns_; }
  /// The places of a value, in all sub-grids or in one, sorted by sub-grid and row.
  [[nodiscard]] std::span<const Occurrence> occurrences(std::uint32_t id) const;
  [[nodiscard]] std::span<const Occurrence> occurrences(std::uint32_t id,
                                                        std::uint32_t sub_grid) const;
  /// Whether some row lists a value twice.
  [[nodiscard]] bool repeats_in_row(std::uint32_t sub_grid) const;

 private:
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  // Until finish(): ids with their places, and per id the sub-grid and row it was last seen in.
  std::vector<std::pair<std::uint32_t, Occurrence>> added_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> latest_;
  std::vector<std::size_t> starts_;  // per id, into occurrences_
  std::vector<Occurrence> occurrences_;
  std::size_t columns_ = 0;
  std::vector<std::uint32_t> repeating_;  // sub-grids, sorted
};

}  // namespace malet::plan
