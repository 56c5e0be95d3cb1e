#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "malet/error.hpp"
#include "malet/options.hpp"
#include "sweep/channel/channel.hpp"
#include "sweep/channel/message.hpp"
#include "sweep/recording/attempt_log.hpp"
#include "sweep/recording/recorder.hpp"
#include "sweep/recording/snapshot_pace.hpp"
#include "sweep/schedule/run_gate.hpp"
#include "sweep/schedule/run_times.hpp"
#include "sweep/schedule/scheduler.hpp"
#include "sweep/schedule/stop_policy.hpp"
#include "sweep/schedule/work_feed.hpp"

namespace malet::sweep {

/// Rank 0's side of a job: passes messages between the workers, the scheduler and the recorder, and
/// watches the clock. Worker w is the channel's end w + 1.
class Coordinator {
 public:
  struct Settings {
    std::size_t workers = 1;
    Counts counts;  ///< at the start; completed and failed ones that do not run again
    std::function<void(const Progress&)> on_progress;
    std::function<void(const Failure&)> on_failure;
    std::chrono::duration<double> progress_interval{0.2};
    std::uint64_t retries = 0;  ///< of a config that fails
    Halt halt;
    RunTimeout run_timeout;
    std::optional<RunGate> gate;  ///< where the deadline is to hold starts back
    AttemptLog* attempts = nullptr;
    WorkFeed* feed = nullptr;  ///< where work comes from that the scheduler does not have yet
    std::vector<std::string> events;  ///< what there is to say at the start
    /// Whether the journal says of every run at once that it has begun, which a run that lasts
    /// microseconds is not worth.
    bool notes_starts = false;
  };

  struct Result {
    Counts counts;           ///< running: interrupted by the job's end
    bool stopped = false;    ///< by deadline or signal, before everything was run
    bool by_order = false;   ///< a deadline or signal came
    bool halted = false;     ///< because too many runs failed
    bool gated = false;      ///< because what is left would not have ended in time
    std::string retired;     ///< why the last slot went out of service, when none is left
    bool abandoned = false;  ///< some worker did not return
  };

  Coordinator(Channel& channel, Scheduler scheduler, Recorder& recorder, StopPolicy stop,
              Settings settings);

  /// Runs until everything is run or the job must end, and writes the last snapshot. Throws
  /// Error when a worker cannot take part or the logs cannot be written.
  Result run();

  // The same in pieces, for an owner who has other things to do beside it.
  /// Takes turns until it is over.
  void loop();
  /// Takes messages and watches the clock; whether any message was there.
  bool turn();
  /// Whether everything is run, or the job must end.
  [[nodiscard]] bool is_over() const { return phase_ == Phase::over; }
  /// Writes the last snapshot.
  Result finish();
  /// For a job that an error ends: writes what has come, if that can be done.
  void rescue() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  enum class Phase {
    running,
    draining,  // nothing more is started, what runs may end
    stopping,  // runs are asked to return
    over,
  };
  enum class DrainCause { failures, no_time };

  void take_message(const Envelope& envelope);
  void take_batch(std::size_t worker, const std::string& batch);
  void take_returned(std::size_t worker, const std::string& message);
  void count_end(std::size_t worker, RunRecord& record);
  void count_failure(const RunRecord& record);
  void note_attempt(std::size_t worker, RunRecord& record);
  void check_halt();
  void check_gate(Clock::time_point now);
  void drain(DrainCause cause, std::string reason);
  [[nodiscard]] std::vector<RunGate::Seconds> ages(Clock::time_point now) const;
  void set_time_limit();
  void lose_worker(std::size_t worker);
  void tell_feed(const RunRecord& record);
  void count_down_pending();
  void settle_feed(Clock::time_point now);
  void take_more(Clock::time_point now);
  void tell_all(const std::string& message);
  void send(const Scheduler::Assignments& assignments);
  void send_earlier(int to, const IndexRange& range);
  void check_clock(Clock::time_point now);
  void begin_stop(std::optional<int> signal);
  void save_if_due(Clock::time_point now);
  void note_saved(Clock::time_point now);
  void note_running(Clock::time_point now);
  void note_interrupted();
  void save_last();
  [[nodiscard]] std::chrono::milliseconds patience();
  [[nodiscard]] bool is_urgent();
  [[nodiscard]] Counts final_counts() const;
  void show_progress(Clock::time_point now, bool last);
  [[nodiscard]] bool is_done(Clock::time_point now);
  [[nodiscard]] std::vector<Recorder::Running> running(Clock::time_point now) const;

  Channel& channel_;
  Scheduler scheduler_;
  Recorder& recorder_;
  StopPolicy stop_;
  Settings settings_;
  Phase phase_ = Phase::running;
  std::optional<DrainCause> drained_for_;     // why nothing more was started
  std::optional<StopCause> stopped_for_;      // why runs were asked to return
  std::vector<Clock::time_point> run_since_;  // per worker: when its run can have started
  Progress progress_;
  Clock::time_point began_;
  Clock::time_point next_progress_;
  Clock::time_point next_note_;
  SnapshotPace pace_;
  std::string save_error_;                                    // of the last snapshot
  std::unordered_map<std::uint64_t, std::uint64_t> retried_;  // how often, by index
  std::vector<std::uint64_t> retry_;                          // of the batch that is being read
  std::uint64_t failed_here_ = 0;
  std::uint64_t interrupted_ = 0;
  Micros told_limit_{};
  RunTimes times_;
  std::string retired_;
  bool said_hopeless_ = false;
  bool said_large_ = false;
};

}  // namespace malet::sweep
