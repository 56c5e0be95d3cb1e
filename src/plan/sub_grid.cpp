#include "plan/sub_grid.hpp"

#include <algorithm>
#include <utility>

#include "base/text/reject.hpp"

namespace malet::plan {

namespace {

constexpr std::uint64_t largest_size = std::numeric_limits<std::int64_t>::max();

std::uint64_t checked_product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product) && product <= largest_size) return product;
  reject("the grid has more than 2^63 - 1 configs: remove fields or values");
}

std::uint64_t checked_sum(std::uint64_t a, std::uint64_t b) {
  if (a <= largest_size - b) return a + b;
  reject("the grid has more than 2^63 - 1 configs: remove fields or values");
}

Column make_column(FieldRows&& field) {
  std::size_t count = 0;
  for (const Value::List& row : field.rows) count += row.size();
  if (count >= none) reject("a field has more than 2^32 values: remove some");
  Column column;
  column.values.reserve(count);
  column.row_starts.reserve(field.rows.size() + 1);
  column.row_starts.push_back(0);
  for (Value::List& row : field.rows) {
    for (Value& value : row) {
      GridValue grid_value;
      grid_value.key = to_key(value);
      grid_value.cell = to_cell(value, ListStyle::tuple);
      grid_value.value = std::move(value);
      column.values.push_back(std::move(grid_value));
    }
    column.row_starts.push_back(static_cast<std::uint32_t>(column.values.size()));
  }
  return column;
}

}  // namespace

SubGrid::SubGrid(SubGridText text, const FieldNumbers& fields) {
  add_columns(std::move(text), fields);
  measure();
}

void SubGrid::add_columns(SubGridText text, const FieldNumbers& fields) {
  for (Group& group : text) {
    const bool has_rows = group.front().rows.size() > 1;
    for (FieldRows& field : group) {
      const std::uint32_t number = fields.at(field.name);
      columns_.push_back(make_column(std::move(field)));
      columns_.back().field = number;
      if (has_rows) columns_.back().group = static_cast<std::uint32_t>(groups_.size());
    }
    if (has_rows) groups_.emplace_back();
  }
  std::sort(columns_.begin(), columns_.end(),
            [](const Column& a, const Column& b) { return a.field < b.field; });
}

void SubGrid::measure() {
  for (std::uint32_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].group == none) {
      size_ = checked_product(size_, columns_[i].row_size(0));
    } else {
      groups_[columns_[i].group].columns.push_back(i);
    }
  }
  for (auto group = groups_.rbegin(); group != groups_.rend(); ++group) {
    group->rest = size_;
    group->starts.push_back(0);
    const std::size_t rows = columns_[group->columns.front()].row_starts.size() - 1;
    for (std::uint32_t row = 0; row < rows; ++row) {
      std::uint64_t row_size = 1;
      for (const std::uint32_t column : group->columns) {
        row_size = checked_product(row_size, columns_[column].row_size(row));
      }
      group->starts.push_back(checked_sum(group->starts.back(), row_size));
    }
    size_ = checked_product(size_, group->starts.back());
  }
}

std::uint64_t SubGrid::pick_rows(std::uint64_t index, std::span<std::uint32_t> rows) const {
  std::uint64_t chosen = 1;  // configs of the rows chosen so far, per unit of the rest
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    const RowGroup& group = groups_[i];
    const std::uint64_t unit = chosen * group.rest;
    const auto behind =
        std::upper_bound(group.starts.begin() + 1, group.starts.end() - 1, index / unit);
    rows[i] = static_cast<std::uint32_t>(behind - group.starts.begin() - 1);
    index -= group.starts[rows[i]] * unit;
    chosen *= group.row_size(rows[i]);
  }
  return index;
}

std::uint64_t SubGrid::encode(std::span<const Place> places) const {
  std::uint64_t index = 0;
  std::uint64_t chosen = 1;
  for (const RowGroup& group : groups_) {
    const std::uint32_t row = places[group.columns.front()].row;
    index += group.starts[row] * chosen * group.rest;
    chosen *= group.row_size(row);
  }
  std::uint64_t in_block = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    in_block = in_block * columns_[i].row_size(places[i].row) + places[i].digit;
  }
  return index + in_block;
}

std::vector<SubGrid> make_sub_grids(std::vector<SubGridText> texts,
                                    std::span<const std::string> fields) {
  SubGrid::FieldNumbers numbers;
  for (const std::string& field : fields) {
    numbers.emplace(field, static_cast<std::uint32_t>(numbers.size()));
  }
  std::vector<SubGrid> sub_grids;
  sub_grids.reserve(texts.size());
  for (SubGridText& text : texts) sub_grids.emplace_back(std::move(text), numbers);
  return sub_grids;
}

}  // namespace malet::plan
