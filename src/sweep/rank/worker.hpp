#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "exec/function/run_link.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"
#include "malet/registry.hpp"
#include "sweep/channel/channel.hpp"
#include "sweep/channel/message.hpp"
#include "sweep/rank/run_queue.hpp"

namespace malet::sweep {

/// Calls the experiment function for the configs that rank 0 assigns, one after the other, and
/// reports the results.
///
/// Ends of short runs are sent in batches, at most 50 ms late; steps and ends of longer runs at
/// once. If a run lasts longer than its chunk should, the rest of the chunk is given back in the
/// next call of Run::report or Run::should_stop, or at its end.
class Worker : private exec::RunLink {
 public:
  /// \param folder of the experiment.
  /// \param gives_back whether configs that wait behind a long run are given back.
  Worker(Channel& channel, ConfigIter configs, ExpFunction function, std::filesystem::path folder,
         bool gives_back);

  /// Works until rank 0 tells it to leave; gives the exit code.
  ExitCode work();

 private:
  using Clock = std::chrono::steady_clock;

  void report(const Metrics& step) override;
  const Metrics& resume() override;
  bool should_stop() override;
  std::filesystem::path dir() override;
  std::string run_id() const override;

  void look_for_messages();
  void look_in_run();
  void take_message(const std::string& message);
  void run_next();
  void call_function(RunRecord& record);
  void finish_run(RunRecord& record, Clock::time_point ended);
  void return_queue();

  Channel& channel_;
  ConfigIter configs_;
  ExpFunction function_;
  std::filesystem::path folder_;
  bool gives_back_;

  RunQueue queue_;
  Outbox outbox_;
  Clock::time_point looked_;
  bool stopping_ = false;
  bool said_stopped_ = false;
  std::optional<ExitCode> leave_;

  // The run in progress.
  std::uint64_t index_ = 0;
  Config config_;
  Clock::time_point started_;
  Metrics left_;  // of earlier attempts
  bool keeps_series_ = false;
  bool told_to_stop_ = false;
};

/// Serves rank 0 as another rank: waits for the setup and works. Gives rank 0's exit code.
[[nodiscard]] ExitCode work_as_rank(Channel& channel, const ExpFunction& function);

/// Takes no part: waits until rank 0 tells it to leave; gives the exit code.
[[nodiscard]] ExitCode wait_for_leave(Channel& channel);

}  // namespace malet::sweep
