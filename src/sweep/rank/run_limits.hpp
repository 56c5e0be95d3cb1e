#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sweep/channel/message.hpp"

namespace malet::sweep {

/// Why a run is being ended before it has ended by itself.
enum class EndCause { none, timeout, memory, deadline, cancelled };

/// Watches the time and the memory of one run and says what is to be done about it. Pure: its owner
/// brings the clock and the measurements.
class RunLimits {
 public:
  using Clock = std::chrono::steady_clock;

  enum class Action {
    none,
    ask,   ///< ask the run to return
    kill,  ///< end its process group
  };

  struct Settings {
    std::optional<std::uint64_t> memory;  ///< bytes
    Micros grace{};                       ///< between ask and kill
    Micros timeout{};                     ///< how long a run may last; zero: no limit
  };

  explicit RunLimits(Settings settings) : settings_(settings), timeout_(settings.timeout) {}

  void begin(Clock::time_point now);
  /// How long a run may last; also for the one in progress. Zero: as long as it likes.
  void set_timeout(Micros longest) { timeout_ = longest; }
  /// The job ends: a run in progress has this long to return. Said again, it can only shorten it.
  void stop(StopCause cause, Clock::time_point now, Micros grace);

  /// What is to be done now; each is said once, a kill again every second.
  [[nodiscard]] Action check(Clock::time_point now);
  /// Takes a measurement of the run's memory, in bytes.
  [[nodiscard]] Action check_memory(std::uint64_t used, Clock::time_point now);
  /// Whether memory is limited, so that it must be measured.
  [[nodiscard]] std::optional<std::uint64_t> memory() const { return settings_.memory; }
  /// When check() may have something to say, if nothing else happens before.
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

}  // namespace malet::sweep
