#pragma once

#include <chrono>
#include <optional>

#include "exec/runner/runner.hpp"

namespace malet::sweep {

/// Keeps the ending of a run that looks as if the job was told to end. Slurm sends the signals that
/// end a job to every process of a step in some order: a run may have ended by one before its rank,
/// which has to know why, has got its own. Pure: its owner brings the clock.
class HeldEnding {
 public:
  using Clock = std::chrono::steady_clock;

  /// Takes an ending by a signal that ends jobs; nothing else, of which it says false.
  [[nodiscard]] bool hold(exec::RunEnding& ending, Clock::time_point now);
  /// Gives it back when the job has been told to end, or after a second without that.
  [[nodiscard]] std::optional<exec::RunEnding> release(bool told, Clock::time_point now);
  /// When release() will give it back at the latest.
  [[nodiscard]] std::optional<Clock::time_point> until() const;

 private:
  std::optional<exec::RunEnding> ending_;
  Clock::time_point until_;
};

}  // namespace malet::sweep
