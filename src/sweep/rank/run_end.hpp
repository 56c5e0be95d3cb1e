#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "exec/runner/runner.hpp"
#include "sweep/channel/message.hpp"

// When a run is to be ended, and what its end means. All of it is pure: the caller brings the clock
// and the measurements.
namespace malet::sweep {

/// Why this rank ends a run; none if it does not.
enum class EndCause { none, timeout, memory, deadline, cancelled };

/// Watches the time and the memory of a run, and says when to end it.
class RunLimits {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Action {
    none,
    ask,   ///< ask the run to return
    kill,  ///< kill its process group
  };

  struct Settings {
    std::optional<std::uint64_t> memory;  ///< bytes
    Micros grace{};                       ///< time between ask and kill
    Micros timeout{};                     ///< longest run; zero: no limit
  };

  explicit RunLimits(Settings settings) : settings_(settings), timeout_(settings.timeout) {}

  void begin(Clock::time_point now);
  /// Sets the longest run, also for the one in progress. Zero: no limit.
  void set_timeout(Micros longest) { timeout_ = longest; }
  /// Ends the run in progress within `grace`, since the job ends. A second call can only shorten
  /// it.
  void stop(StopCause cause, Clock::time_point now, Micros grace);

  /// What to do now. Gives `ask` once, and `kill` again every second.
  [[nodiscard]] Action check(Clock::time_point now);
  /// Takes a measurement of the run's memory in bytes; what to do now.
  [[nodiscard]] Action check_memory(std::uint64_t used, Clock::time_point now);
  /// The limit of memory, if there is one.
  [[nodiscard]] std::optional<std::uint64_t> memory() const { return settings_.memory; }
  /// When to call check() next, if nothing else happens before.
  [[nodiscard]] std::optional<Clock::time_point> next() const;

  [[nodiscard]] EndCause cause() const { return cause_; }
  [[nodiscard]] std::optional<StopCause> stopping() const { return stopping_; }
  [[nodiscard]] Micros timeout() const { return timeout_; }

 private:
  void end_by(EndCause cause, Clock::time_point now, Micros grace);

  Settings settings_;
  Micros timeout_{};
  std::optional<StopCause> stopping_;
  Micros stop_grace_{};

  Clock::time_point begun_;
  EndCause cause_ = EndCause::none;
  bool ask_ = false;
  std::optional<Clock::time_point> kill_at_;
};

/// Holds back the ending of a run by a signal that ends jobs. Slurm signals the processes of a step
/// in any order, so the rank's own signal, which tells that the job ends, may come a moment later.
class HeldEnding {
 public:
  using Clock = std::chrono::steady_clock;

  /// Takes the ending if such a signal ended the run; else leaves it and gives false.
  [[nodiscard]] bool hold(exec::RunEnding& ending, Clock::time_point now);
  /// Gives it back once the job was told to end (`told`), or after a second.
  [[nodiscard]] std::optional<exec::RunEnding> release(bool told, Clock::time_point now);
  /// When release() gives it back at the latest.
  [[nodiscard]] std::optional<Clock::time_point> until() const;

 private:
  std::optional<exec::RunEnding> ending_;
  Clock::time_point until_;
};

/// The meaning of a run's ending.
struct Verdict {
  RunEnd end = RunEnd::complete;
  EndReason reason = EndReason::ok;
  std::string error;  ///< one line; empty for a complete run
};

/// What the rank knows beside the ending.
struct VerdictFacts {
  EndCause cause = EndCause::none;
  bool kernel_was_short = false;  ///< the kernel killed some process because memory ran out
  std::string limit;              ///< the exceeded limit as text, as `10 s`
  std::string last_line;          ///< of stderr
};

/// Judges a run by how its process ended and by why this rank ended it, if so.
[[nodiscard]] Verdict judge(const exec::RunEnding& ending, const VerdictFacts& facts);

}  // namespace malet::sweep
