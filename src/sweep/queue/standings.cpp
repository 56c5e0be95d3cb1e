#include "sweep/queue/standings.hpp"

#include <algorithm>
#include <utility>

namespace malet::sweep {

namespace {

bool is_before(const Findings::Row& row, std::uint64_t index) {
  return row.index < index;
}

}  // namespace

Standings::Standings(Findings known)
    : known_(std::move(known.rows)), left_(std::move(known.left)) {}

std::vector<Findings::Row> Standings::between(std::uint64_t begin, std::uint64_t end) const {
  auto old = std::lower_bound(known_.begin(), known_.end(), begin, is_before);
  const auto old_end = std::lower_bound(old, known_.end(), end, is_before);
  std::vector<Findings::Row> rows;
  for (auto recent = learned_.lower_bound(begin); recent != learned_.lower_bound(end); ++recent) {
    for (; old != old_end && old->index < recent->first; ++old) rows.push_back(*old);
    if (old != old_end && old->index == recent->first) ++old;
    rows.push_back({recent->first, recent->second});
  }
  rows.insert(rows.end(), old, old_end);
  return rows;
}

std::optional<Standing> Standings::of(std::uint64_t index) const {
  const auto recent = learned_.find(index);
  if (recent != learned_.end()) return recent->second;
  const auto old = std::lower_bound(known_.begin(), known_.end(), index, is_before);
  if (old == known_.end() || old->index != index) return std::nullopt;
  return old->standing;
}

std::uint64_t Standings::learn(const Findings& found, std::uint64_t begin, std::uint64_t end) {
  std::uint64_t completed = 0;
  auto row = std::lower_bound(found.rows.begin(), found.rows.end(), begin, is_before);
  for (; row != found.rows.end() && row->index < end; ++row) {
    if (of(row->index) == Standing::complete) continue;
    set(row->index, row->standing);
    if (row->standing == Standing::complete) ++completed;
    const auto left = found.left.find(row->index);
    if (left != found.left.end()) left_[row->index] = left->second;
  }
  return completed;
}

std::optional<LeftOver> Standings::take_left(std::uint64_t index) {
  const auto found = left_.find(index);
  if (found == left_.end()) return std::nullopt;
  LeftOver left = std::move(found->second);
  left_.erase(found);
  return left;
}

}  // namespace malet::sweep
