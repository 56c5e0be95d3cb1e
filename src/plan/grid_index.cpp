#include "plan/grid_index.hpp"

#include <algorithm>
#include <array>

#include "plan/overlap.hpp"

// Rows usually have one value per field. A hash of these values then finds the row in one step,
// even when other rows have the same single values. Other groups, and rows with equal hashes, are
// searched through the rows that have the rarest value.
namespace malet::plan {

namespace {

std::uint64_t mix(std::uint64_t hash, std::uint32_t id) {
  hash = (hash ^ id) * 0x9e3779b97f4a7c15U;
  return hash ^ (hash >> 29U);
}

bool has_single_values(const SubGrid::RowGroup& group) {
  return group.starts.back() + 1 == group.starts.size();
}

/// Whether no value of the field stands in two rows, or twice in one.
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
  // Only a sub-grid that has the rarest value can have the config.
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
