#include "plan/overlap.hpp"

#include <algorithm>
#include <cstddef>

namespace malet::plan {

namespace {

constexpr std::size_t max_steps = 1'000'000;

/// The ids of a field's values in a sub-grid, sorted; 0 where it lacks the field.
using SortedIds = std::vector<std::uint32_t>;

bool share_value(const SortedIds& a, const SortedIds& b, std::size_t& steps) {
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (++steps > max_steps || *left == *right) return true;
    *left < *right ? ++left : ++right;
  }
  return false;
}

std::vector<SortedIds> ids_of(const SubGrid& sub_grid, std::size_t fields) {
  std::vector<SortedIds> ids(fields, SortedIds{0});
  for (const Column& column : sub_grid.columns()) {
    SortedIds sorted = column.ids;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    ids[column.field] = std::move(sorted);
  }
  return ids;
}

bool some_pair_overlaps(std::span<const SubGrid> sub_grids, std::size_t fields) {
  std::vector<std::vector<SortedIds>> all;
  for (const SubGrid& sub_grid : sub_grids) all.push_back(ids_of(sub_grid, fields));
  std::size_t steps = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      bool overlap = true;
      for (std::size_t field = 0; field < fields && overlap; ++field) {
        overlap = share_value(all[i][field], all[j][field], steps);
      }
      if (overlap || steps > max_steps) return true;
    }
  }
  return false;
}

/// Whether each value of the field, null and absent counted as one, stands in one sub-grid only.
bool tells_apart(const FieldIndex& field, std::size_t sub_grids) {
  std::size_t with_null = sub_grids - field.columns();
  for (std::uint32_t id = 0; id < field.ids(); ++id) {
    const auto places = field.occurrences(id);
    if (places.empty()) continue;
    if (places.front().sub_grid != places.back().sub_grid) return false;
    if (id == 0) ++with_null;
  }
  return with_null <= 1;
}

}  // namespace

bool may_overlap(std::span<const SubGrid> sub_grids, const std::vector<FieldIndex>& fields) {
  if (sub_grids.size() < 2) return false;
  const bool known_disjoint =
      std::any_of(fields.begin(), fields.end(),
                  [&](const FieldIndex& field) { return tells_apart(field, sub_grids.size()); });
  if (known_disjoint) return false;
  const bool is_too_long = !fields.empty() && sub_grids.size() > max_steps / fields.size();
  return is_too_long || some_pair_overlaps(sub_grids, fields.size());
}

}  // namespace malet::plan
