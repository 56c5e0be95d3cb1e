#pragma once

#include <chrono>
#include <string>

#include "malet/value.hpp"

namespace malet {

/// The time of a run's last update, its duration over all attempts, and the git commit.
///
/// The counterpart of Malet's RunInfo.
class RunInfo {
 public:
  using Clock = std::chrono::system_clock;
  using Duration = std::chrono::microseconds;

  /// Starts counting. `previous` is the duration of earlier attempts.
  explicit RunInfo(Duration previous = Duration::zero());

  /// The names of its columns, in order: datetime, duration, commit_hash.
  static const std::vector<std::string>& infos();

  /// The info at the last update, as in cells of log.tsv: datetime `2026-01-02 03:04:05.000006` in
  /// local time, duration `0 days 00:01:00.000005`, and the full hash of the working directory's
  /// git commit, null outside a repository.
  [[nodiscard]] Metrics get() const;
  /// Adds the time since the last update (or the start) to the duration, then get().
  Metrics update_and_get();

 private:
  Duration duration_;
  Clock::time_point updated_;
  std::chrono::steady_clock::time_point counted_;
  std::string commit_hash_;
};

}  // namespace malet
