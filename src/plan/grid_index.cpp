#include "plan/grid_index.hpp"

#include <algorithm>
#include <array>

#include "plan/overlap.hpp"

namespace malet::plan {

GridIndex::GridIndex(std::span<SubGrid> sub_grids, std::size_t fields)
    : sub_grids_(sub_grids), fields_(fields), rows_(sub_grids.size()) {
  for (std::uint32_t i = 0; i < sub_grids.size(); ++i) {
    for (Column& column : sub_grids[i].columns()) fields_[column.field].add(i, column);
  }
  for (FieldIndex& field : fields_) field.finish();
  for (std::uint32_t i = 0; i < sub_grids.size(); ++i) {
    for (const SubGrid::RowGroup& group : sub_grids[i].groups()) {
      rows_[i].emplace_back(sub_grids[i], i, group, fields_);
    }
    may_repeat_ = may_repeat_ || repeats_inside(i);
  }
  may_repeat_ = may_repeat_ || may_overlap(sub_grids_, fields_);
}

bool GridIndex::repeats_inside(std::uint32_t number) const {
  const auto& columns = sub_grids_[number].columns();
  const bool in_field = std::any_of(columns.begin(), columns.end(), [&](const Column& column) {
    return column.group == none && fields_[column.field].repeats_in_row(number);
  });
  return in_field || std::any_of(rows_[number].begin(), rows_[number].end(),
                                 [](const RowIndex& rows) { return rows.may_repeat(); });
}

std::optional<GridIndex::Found> GridIndex::find(std::span<const std::uint32_t> ids) const {
  // Only sub-grids that have the rarest of the values can have the config.
  std::optional<std::span<const FieldIndex::Occurrence>> rarest;
  for (std::size_t field = 0; field < ids.size(); ++field) {
    if (ids[field] == none) return std::nullopt;
    if (ids[field] == 0) continue;
    const auto places = fields_[field].occurrences(ids[field]);
    if (!rarest || places.size() < rarest->size()) rarest = places;
  }
  if (!rarest || sub_grids_.size() == 1) {
    for (std::uint32_t i = 0; i < sub_grids_.size(); ++i) {
      if (const auto index = find_in(i, ids)) return Found{i, *index};
    }
    return std::nullopt;
  }
  std::uint32_t tried = none;
  for (const auto& place : *rarest) {
    if (place.sub_grid == tried) continue;
    tried = place.sub_grid;
    if (const auto index = find_in(tried, ids)) return Found{tried, *index};
  }
  return std::nullopt;
}

std::optional<std::uint64_t> GridIndex::find_in(std::uint32_t number,
                                                std::span<const std::uint32_t> ids) const {
  constexpr std::size_t usual = 32;
  const SubGrid& sub_grid = sub_grids_[number];
  const std::size_t columns = sub_grid.columns().size();
  std::array<Place, usual> few;
  std::vector<Place> many(columns > usual ? columns : 0);
  const std::span<Place> places = columns > usual ? std::span(many) : std::span(few).first(columns);
  if (!place_columns(number, ids, places)) return std::nullopt;
  return sub_grid.encode(places);
}

bool GridIndex::place_columns(std::uint32_t number, std::span<const std::uint32_t> ids,
                              std::span<Place> places) const {
  const SubGrid& sub_grid = sub_grids_[number];
  const auto& columns = sub_grid.columns();
  std::size_t absent = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    // A field that this sub-grid lacks must be null.
    for (; absent < columns[i].field; ++absent) {
      if (ids[absent] != 0) return false;
    }
    ++absent;
    if (columns[i].group != none) continue;
    const auto found = fields_[columns[i].field].occurrences(ids[columns[i].field], number);
    if (found.empty()) return false;
    places[i] = {0, found.front().digit};
  }
  for (; absent < ids.size(); ++absent) {
    if (ids[absent] != 0) return false;
  }
  for (std::size_t g = 0; g < sub_grid.groups().size(); ++g) {
    const SubGrid::RowGroup& group = sub_grid.groups()[g];
    const auto row = rows_[number][g].find(sub_grid, group, fields_, ids);
    if (!row) return false;
    for (const std::uint32_t i : group.columns) {
      const auto first = columns[i].ids.begin() + columns[i].row_starts[*row];
      const auto value = std::find(first, columns[i].ids.end(), ids[columns[i].field]);
      places[i] = {*row, static_cast<std::uint32_t>(value - first)};
    }
  }
  return true;
}

}  // namespace malet::plan
