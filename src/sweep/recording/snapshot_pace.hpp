#pragma once

#include <algorithm>
#include <chrono>

namespace malet::sweep {

/// Decides when the logs are written next: when something is new, not more often than every two
/// seconds, and so that snapshots cost 2 % of the wall time at most. Pure.
class SnapshotPace {
 public:
  using Clock = std::chrono::steady_clock;

  explicit SnapshotPace(Clock::time_point now) : next_(now + shortest) {}

  /// Something happened that the last snapshot does not tell.
  void mark() { is_new_ = true; }
  [[nodiscard]] bool is_due(Clock::time_point now) const { return is_new_ && now >= next_; }
  /// A snapshot of all that happened is begun.
  void begin() { is_new_ = false; }
  /// It has ended, and took so long.
  void end(Clock::time_point now, Clock::duration cost, bool has_failed) {
    cost_ = cost;
    is_new_ = is_new_ || has_failed;
    next_ = now + std::max(std::chrono::duration_cast<Clock::duration>(cost / share), shortest);
  }
  /// What the last snapshot took.
  [[nodiscard]] Clock::duration cost() const { return cost_; }

 private:
  static constexpr Clock::duration shortest = std::chrono::seconds(2);
  static constexpr double share = 0.02;

  Clock::time_point next_;
  Clock::duration cost_{};
  bool is_new_ = false;
};

}  // namespace malet::sweep
