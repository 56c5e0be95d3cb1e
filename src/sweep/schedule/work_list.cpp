#include "sweep/schedule/work_list.hpp"

#include <algorithm>
#include <utility>

#include "sweep/schedule/shuffle.hpp"

namespace malet::sweep {

namespace {

/// The numbers among `indices` that `configs` holds.
std::vector<std::uint64_t> held(const ConfigIter& configs, std::vector<std::uint64_t> indices) {
  if (configs.size() == configs.grid_size()) return indices;
  std::erase_if(indices, [&](std::uint64_t index) { return !configs.holds(index); });
  return indices;
}

std::size_t first_not_below(const std::vector<std::uint64_t>& sorted, std::uint64_t index) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), index) -
                                  sorted.begin());
}

/// The first `count` indices of a range, which loses them.
IndexRange cut_front(IndexRange& range, std::uint64_t count) {
  const IndexRange front = {range.first, count, range.step};
  range.first += count * range.step;
  range.count -= count;
  return front;
}

/// Sorts by expected durations, each asked for once; equal ones stay in order.
void sort_longest_first(std::vector<std::uint64_t>& indices,
                        const std::function<double(std::uint64_t)>& expected) {
  std::vector<std::pair<double, std::uint64_t>> timed;
  timed.reserve(indices.size());
  for (const std::uint64_t index : indices) timed.emplace_back(expected(index), index);
  std::stable_sort(timed.begin(), timed.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::transform(timed.begin(), timed.end(), indices.begin(),
                 [](const auto& config) { return config.second; });
}

}  // namespace

void append_index(std::vector<IndexRange>& ranges, std::uint64_t index) {
  if (!ranges.empty()) {
    IndexRange& last = ranges.back();
    if (last.count == 1 && index > last.first) {
      last.step = index - last.first;
      last.count = 2;
      return;
    }
    if (last.count > 1 && index == last.first + last.count * last.step) {
      ++last.count;
      return;
    }
  }
  ranges.push_back({index, 1, 1});
}

WorkList::WorkList(ConfigIter configs, Known known, bool may_repeat, bool shuffled)
    : configs_(std::move(configs)),
      known_{held(configs_, std::move(known.seen)), held(configs_, std::move(known.interrupted)),
             held(configs_, std::move(known.failed)), std::move(known.expected)},
      may_repeat_(may_repeat),
      shuffled_(shuffled) {
  count_new();
  if (known_.expected) list_longest_first();
  remaining_ += known_.interrupted.size() + known_.failed.size();
}

void WorkList::count_new() {
  if (!may_repeat_) {
    remaining_ = configs_.size() - known_.seen.size();
    return;
  }
  std::size_t cursor = 0;
  for (std::uint64_t position = 0; position < configs_.size(); ++position) {
    if (is_new(configs_.index(position), cursor)) ++remaining_;
  }
}

void WorkList::list_longest_first() {
  std::size_t cursor = 0;
  for (std::uint64_t position = 0; position < configs_.size(); ++position) {
    const std::uint64_t index = configs_.index(position);
    if (is_new(index, cursor)) longest_first_.push_back(index);
  }
  for (auto* list : {&longest_first_, &known_.interrupted, &known_.failed}) {
    sort_longest_first(*list, known_.expected);
  }
}

bool WorkList::is_new(std::uint64_t index, std::size_t& cursor) const {
  const auto& seen = known_.seen;
  // Indices come in rising order unless they are shuffled, so the next one seen is near.
  while (cursor < seen.size() && seen[cursor] < index) ++cursor;
  if (cursor < seen.size() && seen[cursor] == index) return false;
  return !may_repeat_ || configs_.first_index(index) == index;
}

std::uint64_t WorkList::position_at(std::uint64_t turn) const {
  return shuffled_ ? shuffled_position(turn, configs_.size()) : turn;
}

std::vector<IndexRange> WorkList::take(std::uint64_t count) {
  count = std::min(count, remaining_);
  remaining_ -= count;
  std::vector<IndexRange> taken;
  while (count > 0 && !returned_.empty()) {
    IndexRange& range = returned_.back();
    const std::uint64_t now = std::min(count, range.count);
    taken.push_back(cut_front(range, now));
    count -= now;
    if (range.count == 0) returned_.pop_back();
  }
  while (count > 0 && !added_.empty()) {
    IndexRange& range = added_.front();
    const std::uint64_t now = std::min(count, range.count);
    taken.push_back(cut_front(range, now));
    count -= now;
    if (range.count == 0) added_.pop_front();
  }
  take_new(count, taken);
  for (auto [list, position] : {std::pair(&known_.interrupted, &interrupted_taken_),
                                std::pair(&known_.failed, &failed_taken_)}) {
    for (; count > 0 && *position < list->size(); --count) {
      append_index(taken, (*list)[(*position)++]);
    }
  }
  return taken;
}

void WorkList::take_new(std::uint64_t& count, std::vector<IndexRange>& taken) {
  if (known_.expected) {
    for (; count > 0 && listed_taken_ < longest_first_.size(); --count) {
      append_index(taken, longest_first_[listed_taken_++]);
    }
    return;
  }
  const std::uint64_t size = configs_.size();
  // Without anything to look at, a stretch of the grid is taken as a whole.
  const bool plain =
      known_.seen.empty() && !may_repeat_ && !shuffled_ && configs_.size() == configs_.grid_size();
  if (plain && count > 0 && turn_ < size) {
    const std::uint64_t now = std::min(count, size - turn_);
    taken.push_back({turn_, now, 1});
    turn_ += now;
    count -= now;
  }
  while (count > 0 && turn_ < size) {
    const std::uint64_t index = configs_.index(position_at(turn_++));
    if (shuffled_) seen_cursor_ = first_not_below(known_.seen, index);
    if (!is_new(index, seen_cursor_)) continue;
    append_index(taken, index);
    --count;
  }
}

void WorkList::put_back(const std::vector<IndexRange>& ranges) {
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    if (range->count == 0) continue;
    returned_.push_back(*range);
    remaining_ += range->count;
  }
}

void WorkList::add(const std::vector<IndexRange>& ranges) {
  for (const IndexRange& range : ranges) {
    if (range.count == 0) continue;
    added_.push_back(range);
    remaining_ += range.count;
  }
}

}  // namespace malet::sweep
