#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "sweep/channel/message.hpp"

namespace malet::sweep {

/// How long complete runs took, for limits that follow their median.
class RunTimes {
 public:
  void add(Micros duration) {
    // Of very many runs the latest ones tell enough.
    if (times_.size() < most) {
      times_.push_back(duration);
    } else {
      times_[next_] = duration;
    }
    next_ = (next_ + 1) % most;
  }

  /// That percentage of the median, at least a tenth of a second; nothing before three runs.
  [[nodiscard]] std::optional<Micros> limit(double percent) const {
    if (percent <= 0 || times_.size() < fewest) return std::nullopt;
    std::vector<Micros> sorted = times_;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const auto limit = static_cast<double>(middle->count()) * percent / 100;
    // Beyond a few decades a steady clock in nanoseconds overflows.
    return std::max(Micros(static_cast<std::int64_t>(std::min(limit, longest))), shortest);
  }

 private:
  static constexpr std::size_t most = 1024;
  static constexpr std::size_t fewest = 3;
  static constexpr Micros shortest{100'000};
  static constexpr double longest = 1e15;

  std::vector<Micros> times_;
  std::size_t next_ = 0;
};

}  // namespace malet::sweep
