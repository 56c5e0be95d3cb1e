#pragma once

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exec/runner/runner.hpp"
#include "exec/runner/slot_output.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"
#include "malet/options.hpp"
#include "malet/registry.hpp"
#include "sweep/channel/channel.hpp"
#include "sweep/channel/message.hpp"
#include "sweep/rank/run_end.hpp"
#include "sweep/rank/run_queue.hpp"

namespace malet::sweep {

/// Settings of all slots of a rank.
struct SlotSettings {
  std::filesystem::path folder;  ///< of the experiment
  bool gives_back = false;       ///< whether configs that wait behind a long run are given back
  KeepOutput keep_output = KeepOutput::failed;
  std::uint64_t runs_per_host = 0;    ///< 0: no limit
  std::vector<std::string> required;  ///< metrics that a complete run must have
  /// Whether a process that cannot be started counts against the slot, too.
  bool counts_unable = true;
  RunLimits::Settings limits;
};

/// A worker whose runs have their own processes: takes configs from rank 0, has a Runner run them
/// one after the other within their limits, and reports the results. Unlike Worker it never waits,
/// since its rank has other slots.
class Slot {
 public:
  using Clock = std::chrono::steady_clock;

  /// \param channel to rank 0, of this slot only.
  Slot(std::unique_ptr<Channel> channel, ConfigIter configs, SlotSettings settings,
       std::unique_ptr<exec::SlotOutput> output, std::unique_ptr<exec::Runner> runner);

  void take_message(const std::string& message);
  /// Does what can be done now; false if that was nothing.
  /// \param look whether to ask the runner for news: descriptors are ready, or it is time again.
  bool turn(Clock::time_point now, bool look = true);
  /// Ends the run in progress and gives configs back, since this rank got a signal.
  void stop(StopCause cause, Clock::time_point now, Micros grace);

  void add_descriptors(std::vector<pollfd>& polled) const { runner_->add_descriptors(polled); }
  /// When to call turn() at the latest.
  [[nodiscard]] std::optional<Clock::time_point> next_turn() const;
  /// Its process group; 0 if there is none.
  [[nodiscard]] int group() const { return runner_->group(); }
  [[nodiscard]] const std::optional<ExitCode>& leave() const { return leave_; }
  /// Starts nothing more. Asks an idle process to exit, kills a busy one.
  void dismiss();
  [[nodiscard]] bool is_down() const { return runner_->state() == exec::Runner::State::down; }

 private:
  /// The run in progress.
  struct Current {
    std::uint64_t index = 0;
    exec::RunOrder order;
    Clock::time_point started;
    Micros started_at{};
    std::set<std::string> missing;  // required metrics not reported yet
  };

  bool look_at_runner(Clock::time_point now);
  bool start_next(Clock::time_point now);
  void begin_run(Clock::time_point now);
  void take_report(exec::RunReportLine&& report);
  void take_ending(exec::RunEnding&& ending, Clock::time_point now);
  void settle_ending(exec::RunEnding&& ending, Clock::time_point now);
  void count_death(const exec::RunEnding& ending, Clock::time_point now);
  void finish_run(exec::RunEnding&& ending, Clock::time_point now);
  [[nodiscard]] RunRecord make_record(exec::RunEnding&& ending, Clock::time_point now);
  void check_limits(Clock::time_point now);
  void act(RunLimits::Action action);
  [[nodiscard]] std::uint64_t measure_memory(Clock::time_point now);
  void settle_output(bool failed);
  void return_queue();
  void see_metrics(const Metrics& metrics);
  /// Whether the run in progress lasts longer than runs that share a chunk should.
  [[nodiscard]] bool is_overlong(Clock::time_point now) const;

  std::unique_ptr<Channel> channel_;
  ConfigIter configs_;
  SlotSettings settings_;
  std::unique_ptr<exec::SlotOutput> output_;
  std::unique_ptr<exec::Runner> runner_;
  RunQueue queue_;
  Outbox outbox_;
  RunLimits limits_;
  std::optional<Current> current_;
  HeldEnding held_;
  bool said_ready_ = false;
  bool said_stopped_ = false;
  bool retired_ = false;
  std::optional<ExitCode> leave_;

  std::uint64_t runs_of_host_ = 0;
  int deaths_ = 0;  // in a row, of hosts that have run nothing
  std::optional<Clock::time_point> start_at_;
  bool peak_is_old_ = false;        // the host's peak of memory is that of an earlier run
  std::uint64_t kernel_kills_ = 0;  // exec::oom_kills() at kernel_looked_
  Clock::time_point kernel_looked_;
  Clock::time_point next_memory_;
  Clock::time_point next_group_memory_;
};

}  // namespace malet::sweep
