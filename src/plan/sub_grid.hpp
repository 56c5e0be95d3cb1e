#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "malet/value.hpp"
#include "plan/document.hpp"

namespace malet {

/// A value of the grid with its texts.
struct GridValue {
  Value value;
  std::string key;   ///< to_key(value); empty for null
  std::string cell;  ///< to_cell(value, tuple)
};

}  // namespace malet

namespace malet::plan {

/// The number of no group, value or field.
inline constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// The values of one grid field in one sub-grid, row after row.
struct Column {
  std::uint32_t field = 0;     ///< number of the grid field
  std::uint32_t group = none;  ///< number of its group; none unless that has several rows
  std::vector<std::uint32_t> row_starts;  ///< where each row starts in values, and their end
  std::vector<GridValue> values;
  std::vector<std::uint32_t> ids;  ///< per value: its id in the field's FieldIndex

  [[nodiscard]] std::uint32_t row_size(std::uint32_t row) const {
    return row_starts[row + 1] - row_starts[row];
  }
};

/// A place in a sub-grid's column: a row and the number of a value in it.
struct Place {
  std::uint32_t row = 0;
  std::uint32_t digit = 0;
};

/// One sub-grid: from a number to values and back by mixed radix.
///
/// Each combination of rows of the groups is a block; the first group's row changes slowest. A
/// block combines all values of its rows; the first grid field's value changes slowest.
class SubGrid {
 public:
  using FieldNumbers = std::unordered_map<std::string_view, std::uint32_t>;

  /// `fields` has each field's place in the expansion order. Throws Error(bad_input), a reason
  /// without a place, for more than 2^63 - 1 configs.
  SubGrid(SubGridText text, const FieldNumbers& fields);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// In expansion order.
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  [[nodiscard]] std::vector<Column>& columns() { return columns_; }

  /// Calls visit(column, number of its value) for each column of config `index`, the last one
  /// first.
  template <typename Visit>
  void decode(std::uint64_t index, Visit&& visit) const;

  /// The index of the config with the values at these places, one per column.
  [[nodiscard]] std::uint64_t encode(std::span<const Place> places) const;

  /// A group with more than one row.
  struct RowGroup {
    std::vector<std::uint32_t> columns;
    std::vector<std::uint64_t> starts;  ///< sums of the rows' sizes before each row, and of all
    std::uint64_t rest = 1;             ///< configs of everything that changes faster
    [[nodiscard]] std::uint64_t row_size(std::uint32_t row) const {
      return starts[row + 1] - starts[row];
    }
  };
  [[nodiscard]] const std::vector<RowGroup>& groups() const { return groups_; }

 private:
  void add_columns(SubGridText text, const FieldNumbers& fields);
  void measure();
  std::uint64_t pick_rows(std::uint64_t index, std::span<std::uint32_t> rows) const;
  template <typename Visit>
  void decode_block(std::uint64_t index, std::span<const std::uint32_t> rows, Visit&& visit) const;

  std::vector<Column> columns_;
  std::vector<RowGroup> groups_;
  std::uint64_t size_ = 1;
};

/// The sub-grids of a document; throws as SubGrid's constructor does.
[[nodiscard]] std::vector<SubGrid> make_sub_grids(std::vector<SubGridText> texts,
                                                  std::span<const std::string> fields);

template <typename Visit>
void SubGrid::decode(std::uint64_t index, Visit&& visit) const {
  constexpr std::size_t usual = 16;
  if (groups_.size() <= usual) {
    std::array<std::uint32_t, usual> rows;  // NOLINT: filled as far as it is read
    const std::uint64_t in_block = pick_rows(index, std::span(rows).first(groups_.size()));
    decode_block(in_block, rows, visit);
  } else {
    std::vector<std::uint32_t> rows(groups_.size());
    const std::uint64_t in_block = pick_rows(index, rows);
    decode_block(in_block, rows, visit);
  }
}

template <typename Visit>
void SubGrid::decode_block(std::uint64_t index, std::span<const std::uint32_t> rows,
                           Visit&& visit) const {
  for (auto column = columns_.rbegin(); column != columns_.rend(); ++column) {
    const std::uint32_t row = column->group == none ? 0 : rows[column->group];
    const std::uint32_t size = column->row_size(row);
    const std::uint64_t quotient = index / size;
    visit(*column, column->row_starts[row] + static_cast<std::uint32_t>(index - quotient * size));
    index = quotient;
  }
}

}  // namespace malet::plan
