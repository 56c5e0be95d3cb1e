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
#include "sweep/channel/outbox.hpp"
#include "sweep/rank/held_ending.hpp"
#include "sweep/rank/run_limits.hpp"
#include "sweep/rank/run_queue.hpp"

namespace malet::sweep {

/// What all slots of a rank have in common.
struct SlotSettings {
  std::filesystem::path folder;  ///< of the experiment
  bool gives_back = false;       ///< whether configs behind a long run may go to other workers
  KeepOutput keep_output = KeepOutput::failed;
  std::uint64_t runs_per_host = 0;    ///< 0: as many as there are
  std::vector<std::string> required;  ///< metrics without which a run has failed
  /// Whether a run whose process cannot be started speaks against the slot, not the config.
  bool counts_unable = true;
  RunLimits::Settings limits;
};

/// A worker whose runs have a process of their own: takes configs from rank 0, has them run one
/// after the other, sees to it that none overstays its limits, and reports what comes of them. The
/// counterpart of Worker, but never waits: its rank has other slots to look after.
class Slot {
 public:
  using Clock = std::chrono::steady_clock;

  /// \param channel to rank 0, for this slot alone.
  Slot(std::unique_ptr<Channel> channel, ConfigIter configs, SlotSettings settings,
       std::unique_ptr<exec::SlotOutput> output, std::unique_ptr<exec::Runner> runner);

  void take_message(const std::string& message);
  /// Does what can be done now; whether that was anything.
  /// \param look whether its descriptors are ready, or have not been asked for long.
  bool turn(Clock::time_point now, bool look = true);
  /// Rank-wide: the job was told to end by a signal.
  void stop(StopCause cause, Clock::time_point now, Micros grace);

  void add_descriptors(std::vector<pollfd>& polled) const { runner_->add_descriptors(polled); }
  /// When it wants its turn, whatever the descriptors say.
  [[nodiscard]] std::optional<Clock::time_point> next_turn() const;
  /// Its process group; 0 while there is none.
  [[nodiscard]] int group() const { return runner_->group(); }
  [[nodiscard]] const std::optional<ExitCode>& leave() const { return leave_; }
  /// Starts nothing more: an idle process is asked to leave, a busy one is killed.
  void dismiss();
  [[nodiscard]] bool is_down() const { return runner_->state() == exec::Runner::State::down; }

 private:
  /// The run in progress.
  struct Current {
    std::uint64_t index = 0;
    exec::RunOrder order;
    Clock::time_point started;
    Micros started_at{};
    std::set<std::string> missing;  // required metrics that have not come yet
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
  /// Whether the run in progress lasts longer than any that is worth a chunk.
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
  HeldEnding held_;  // of the run in progress
  bool said_ready_ = false;
  bool said_stopped_ = false;
  bool retired_ = false;
  std::optional<ExitCode> leave_;

  std::uint64_t runs_of_host_ = 0;
  int deaths_ = 0;  // in a row, of hosts that never ran anything
  std::optional<Clock::time_point> start_at_;
  bool peak_is_old_ = false;        // the host's peak of memory is an earlier run's
  std::uint64_t kernel_kills_ = 0;  // for want of memory, until kernel_looked_
  Clock::time_point kernel_looked_;
  Clock::time_point next_memory_;
  Clock::time_point next_group_memory_;
};

}  // namespace malet::sweep
