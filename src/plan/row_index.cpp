#include "plan/row_index.hpp"

#include <algorithm>

// Usually each row has one value per field. A hash of the row's values then leads to it in one
// step, however often each value stands in other rows. Other groups, and rows that share a hash,
// are searched through the places of the rarest value.
namespace malet::plan {

namespace {

std::uint64_t mix(std::uint64_t hash, std::uint32_t id) {
  hash = (hash ^ id) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 29U);
}

bool has_single_values(const SubGrid::RowGroup& group) {
  return group.starts.back() + 1 == group.starts.size();
}

/// Whether the values of the field differ between any two rows and inside of each.
bool tells_rows_apart(const Column& column, const FieldIndex& field, std::uint32_t sub_grid) {
  if (field.repeats_in_row(sub_grid)) return false;
  return std::all_of(column.ids.begin(), column.ids.end(),
                     [&](std::uint32_t id) { return field.occurrences(id, sub_grid).size() == 1; });
}

bool row_has(const Column& column, std::uint32_t row, std::uint32_t id) {
  const auto first = column.ids.begin() + column.row_starts[row];
  const auto last = column.ids.begin() + column.row_starts[row + 1];
  return std::find(first, last, id) != last;
}

}  // namespace

RowIndex::RowIndex(const SubGrid& sub_grid, std::uint32_t number, const SubGrid::RowGroup& group,
                   const std::vector<FieldIndex>& fields)
    : sub_grid_(number), is_hashed_(has_single_values(group)) {
  const auto& columns = sub_grid.columns();
  if (!is_hashed_) {
    const bool in_row = std::any_of(
        group.columns.begin(), group.columns.end(),
        [&](std::uint32_t i) { return fields[columns[i].field].repeats_in_row(number); });
    may_repeat_ =
        in_row || std::none_of(group.columns.begin(), group.columns.end(), [&](std::uint32_t i) {
          return tells_rows_apart(columns[i], fields[columns[i].field], number);
        });
    return;
  }
  const auto rows = static_cast<std::uint32_t>(group.starts.size() - 1);
  rows_.reserve(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    Hash hash = 0;
    for (const std::uint32_t i : group.columns) hash = mix(hash, columns[i].ids[row]);
    if (!rows_.try_emplace(hash, row).second) may_repeat_ = true;
  }
}

std::optional<std::uint32_t> RowIndex::find(const SubGrid& sub_grid, const SubGrid::RowGroup& group,
                                            const std::vector<FieldIndex>& fields,
                                            std::span<const std::uint32_t> ids) const {
  const auto& columns = sub_grid.columns();
  const auto holds = [&](std::uint32_t row) {
    return std::all_of(group.columns.begin(), group.columns.end(), [&](std::uint32_t i) {
      return row_has(columns[i], row, ids[columns[i].field]);
    });
  };
  if (is_hashed_) {
    Hash hash = 0;
    for (const std::uint32_t i : group.columns) hash = mix(hash, ids[columns[i].field]);
    const auto found = rows_.find(hash);
    if (found == rows_.end()) return std::nullopt;
    if (holds(found->second)) return found->second;
  }
  std::span<const FieldIndex::Occurrence> rarest;
  for (const std::uint32_t i : group.columns) {
    const std::uint32_t field = columns[i].field;
    const auto places = fields[field].occurrences(ids[field], sub_grid_);
    if (places.empty()) return std::nullopt;
    if (rarest.empty() || places.size() < rarest.size()) rarest = places;
  }
  for (const auto& place : rarest) {
    if (holds(place.row)) return place.row;
  }
  return std::nullopt;
}

}  // namespace malet::plan
