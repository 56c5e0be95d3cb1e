#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sweep/channel/message.hpp"

namespace malet::sweep {

/// The configs assigned to a worker and not yet started, with the rows of earlier attempts.
class RunQueue {
 public:
  [[nodiscard]] bool empty() const { return ranges_.empty(); }
  void add(const std::vector<IndexRange>& ranges) {
    ranges_.insert(ranges_.end(), ranges.begin(), ranges.end());
  }
  void add_earlier(ResumeMessage&& earlier) {
    const std::uint64_t index = earlier.index;
    earlier_[index] = std::move(earlier);
  }

  /// Removes and gives the next index. The queue must not be empty.
  std::uint64_t next() {
    IndexRange& range = ranges_.front();
    const std::uint64_t index = range.first;
    range.first += range.step;
    if (--range.count == 0) ranges_.pop_front();
    return index;
  }
  /// Removes and gives the row of earlier attempts of a config; an empty one if there is none.
  [[nodiscard]] ResumeMessage take_earlier(std::uint64_t index) {
    if (earlier_.empty()) return {};
    const auto found = earlier_.find(index);
    if (found == earlier_.end()) return {};
    ResumeMessage earlier = std::move(found->second);
    earlier_.erase(found);
    return earlier;
  }
  /// Removes and gives all ranges.
  [[nodiscard]] std::vector<IndexRange> take_all() {
    std::vector<IndexRange> ranges(ranges_.begin(), ranges_.end());
    ranges_.clear();
    return ranges;
  }

 private:
  std::deque<IndexRange> ranges_;
  std::unordered_map<std::uint64_t, ResumeMessage> earlier_;
};

}  // namespace malet::sweep
