#include "plan/overlap.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>
#include <vector>

// A sub-grid with one row chosen for each of its groups is a box: it combines all its values of
// each field. The distinct configs of all boxes are counted field by field. Values of a field that
// stand in the same boxes have the same continuations, so these are counted once and multiplied.
// That takes a few steps instead of one for each of millions of configs.
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

/// Whether each value of the field is in one sub-grid only; null and absent are one value.
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

using Ids = std::span<const std::uint32_t>;
using Boxes = std::vector<std::uint32_t>;  // sorted

Ids row_ids(const Column& column, std::uint32_t row) {
  return Ids(column.ids).subspan(column.row_starts[row], column.row_size(row));
}

std::uint64_t count_different(Ids ids) {
  if (ids.size() == 1) return 1;
  std::vector<std::uint32_t> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  return static_cast<std::uint64_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
}

/// Counts the distinct configs of boxes; `ids_of(box, field)` gives a box's values of a field.
template <typename IdsOf>
class UnionCounter {
 public:
  UnionCounter(std::size_t fields, IdsOf ids_of) : fields_(fields), ids_of_(std::move(ids_of)) {}

  std::uint64_t count(std::size_t boxes) {
    Boxes all(boxes);
    for (std::uint32_t i = 0; i < boxes; ++i) all[i] = i;
    open_.push_back({0, std::move(all), 1});
    std::uint64_t sum = 0;
    while (!open_.empty()) {
      State state = std::move(open_.back());
      open_.pop_back();
      for (; state.field < fields_ && state.boxes.size() == 1; ++state.field) {
        state.times *= count_different(ids_of_(state.boxes.front(), state.field));
      }
      if (state.field < fields_) {
        branch(state);
      } else {
        sum += state.times;
      }
    }
    return sum;
  }

 private:
  /// So many beginnings of configs, up to `field`, that are in exactly these boxes.
  struct State {
    std::size_t field;
    Boxes boxes;
    std::uint64_t times;
  };

  void branch(const State& state) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;  // id and box
    for (const std::uint32_t box : state.boxes) {
      for (const std::uint32_t id : ids_of_(box, state.field)) places.emplace_back(id, box);
    }
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    std::map<Boxes, std::uint64_t> values;  // how many values those boxes have
    for (std::size_t i = 0; i < places.size();) {
      Boxes boxes;
      const std::uint32_t id = places[i].first;
      for (; i < places.size() && places[i].first == id; ++i) boxes.push_back(places[i].second);
      ++values[std::move(boxes)];
    }
    for (const auto& [boxes, count] : values) {
      open_.push_back({state.field + 1, boxes, state.times * count});
    }
  }

  std::size_t fields_;
  IdsOf ids_of_;
  std::vector<State> open_;
};

/// The distinct configs of one sub-grid, whose fields and groups are independent of each other.
std::uint64_t count_in(const SubGrid& sub_grid) {
  const auto& columns = sub_grid.columns();
  std::uint64_t product = 1;
  for (const Column& column : columns) {
    if (column.group == none) product *= count_different(column.ids);
  }
  for (const SubGrid::RowGroup& group : sub_grid.groups()) {
    UnionCounter counter(group.columns.size(), [&](std::uint32_t row, std::size_t field) {
      return row_ids(columns[group.columns[field]], row);
    });
    product *= counter.count(group.starts.size() - 1);
  }
  return product;
}

struct Box {
  const SubGrid* sub_grid;
  std::uint32_t rows;  // which combination of its groups' rows, the first group's changing fastest
};

std::vector<Box> make_boxes(std::span<const SubGrid> sub_grids) {
  std::vector<Box> boxes;
  for (const SubGrid& sub_grid : sub_grids) {
    std::size_t combinations = 1;
    for (const auto& group : sub_grid.groups()) combinations *= group.starts.size() - 1;
    for (std::uint32_t rows = 0; rows < combinations; ++rows) boxes.push_back({&sub_grid, rows});
  }
  return boxes;
}

Ids ids_of(const Box& box, std::size_t field) {
  static constexpr std::uint32_t absent = 0;
  const auto& columns = box.sub_grid->columns();
  const auto column = std::partition_point(
      columns.begin(), columns.end(), [field](const Column& other) { return other.field < field; });
  if (column == columns.end() || column->field != field) return {&absent, 1};
  if (column->group == none) return column->ids;
  std::size_t rows = box.rows;
  const auto& groups = box.sub_grid->groups();
  for (std::uint32_t i = 0; i < column->group; ++i) rows /= groups[i].starts.size() - 1;
  rows %= groups[column->group].starts.size() - 1;
  return row_ids(*column, static_cast<std::uint32_t>(rows));
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

std::uint64_t count_distinct(std::span<const SubGrid> sub_grids, std::size_t fields) {
  if (sub_grids.size() == 1) return count_in(sub_grids.front());
  const std::vector<Box> boxes = make_boxes(sub_grids);
  UnionCounter counter(
      fields, [&](std::uint32_t box, std::size_t field) { return ids_of(boxes[box], field); });
  return counter.count(boxes.size());
}

}  // namespace malet::plan
