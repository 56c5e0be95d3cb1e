#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sweep/channel/message.hpp"
#include "sweep/folder/earlier.hpp"

namespace malet::sweep {

/// Where the work of a job comes from that does not have all of it from the start, since other jobs
/// take of the same.
class WorkFeed {
 public:
  using Clock = std::chrono::steady_clock;

  struct Work {
    std::vector<IndexRange> ranges;
    std::vector<std::pair<std::uint64_t, LeftOver>> left;  ///< of configs in them, by index
    std::uint64_t completed_elsewhere = 0;  ///< configs that were found to be complete meanwhile
  };

  virtual ~WorkFeed() = default;

  /// Takes as many configs, more where they come in larger pieces, fewer or none where there are no
  /// more or looking took too long: then ask again.
  [[nodiscard]] virtual Work take(std::uint64_t wanted, Clock::time_point now) = 0;
  /// A config that was taken has ended for good.
  virtual void on_end(std::uint64_t index, RunEnd end) = 0;
  /// All that ended before `on_disk` is there: now others may be told of it. To be called when what
  /// ended is written, and before it is made to reach the disk.
  virtual void settle(Clock::time_point now, Clock::time_point on_disk) = 0;
  /// Nothing more is taken, and all that ended is on disk: gives back what has not ended.
  virtual void leave() = 0;
  /// Whether there may be more to take, now or later.
  [[nodiscard]] virtual bool has_more() const = 0;
  /// Whether nothing more is to be had, and waiting for it would be in vain or last too long.
  [[nodiscard]] virtual bool is_over(Clock::time_point now) = 0;
  /// What people should know, since the last call.
  [[nodiscard]] virtual std::vector<std::string> take_warnings() = 0;
};

}  // namespace malet::sweep
