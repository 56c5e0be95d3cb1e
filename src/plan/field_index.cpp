#include "plan/field_index.hpp"

#include <algorithm>
#include <utility>

namespace malet::plan {

FieldIndex::FieldIndex() {
  numbers_.emplace(std::string_view{}, 0);
  latest_.emplace_back(none, none);
}

void FieldIndex::add(std::uint32_t sub_grid, Column& column) {
  ++columns_;
  column.ids.reserve(column.values.size());
  bool repeats = false;
  for (std::uint32_t row = 0; row + 1 < column.row_starts.size(); ++row) {
    for (std::uint32_t i = column.row_starts[row]; i < column.row_starts[row + 1]; ++i) {
      const std::uint32_t id = numbers_.try_emplace(column.values[i].key, ids()).first->second;
      column.ids.push_back(id);
      if (latest_.size() <= id) latest_.resize(ids(), {none, none});
      const std::pair<std::uint32_t, std::uint32_t> here(sub_grid, row);
      if (latest_[id] == here) {
        repeats = true;
        continue;
      }
      latest_[id] = here;
      added_.push_back({id, {sub_grid, row, i - column.row_starts[row]}});
    }
  }
  if (repeats) repeating_.push_back(sub_grid);
}

void FieldIndex::finish() {
  starts_.assign(std::size_t{ids()} + 1, 0);
  for (const auto& [id, occurrence] : added_) ++starts_[id + 1];
  for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
  occurrences_.resize(added_.size());
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  for (const auto& [id, occurrence] : added_) occurrences_[next[id]++] = occurrence;
  added_ = {};
  latest_ = {};
}

std::uint32_t FieldIndex::id(std::string_view key) const {
  const auto found = numbers_.find(key);
  return found == numbers_.end() ? none : found->second;
}

std::span<const FieldIndex::Occurrence> FieldIndex::occurrences(std::uint32_t id) const {
  return std::span(occurrences_).subspan(starts_[id], starts_[id + 1] - starts_[id]);
}

std::span<const FieldIndex::Occurrence> FieldIndex::occurrences(std::uint32_t id,
                                                                std::uint32_t sub_grid) const {
  const auto all = occurrences(id);
  const auto first = std::partition_point(
      all.begin(), all.end(), [&](const Occurrence& place) { return place.sub_grid < sub_grid; });
  const auto last = std::partition_point(
      first, all.end(), [&](const Occurrence& place) { return place.sub_grid == sub_grid; });
  return {first, last};
}

bool FieldIndex::repeats_in_row(std::uint32_t sub_grid) const {
  return std::binary_search(repeating_.begin(), repeating_.end(), sub_grid);
}

}  // namespace malet::plan
