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
#include "sweep/channel/outbox.hpp"
#include "sweep/rank/run_queue.hpp"

namespace malet::sweep {

/// Runs the configs that rank 0 assigns, one after the other, and reports what comes of them.
///
/// Ends of short runs travel in batches, at most 50 ms late; a step or the end of a longer run is
/// sent at once. A run that lasts longer than the chunk it came in was meant to gives the rest of
/// the chunk back, as soon as it looks for messages (Run::report, Run::should_stop) or ends.
class Worker : private exec::RunLink {
 public:
  /// \param folder where runs have their folders.
  /// \param gives_back whether configs that wait behind a long run may go to other workers.
  Worker(Channel& channel, ConfigIter configs, ExpFunction function, std::filesystem::path folder,
         bool gives_back);

  /// Works until rank 0 says leave; gives its exit code.
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
  Metrics left_;  // what earlier attempts of it left
  bool keeps_series_ = false;
  bool told_to_stop_ = false;
};

/// The work of a rank other than 0: waits for the setup, works, leaves with what rank 0 says.
[[nodiscard]] ExitCode work_as_rank(Channel& channel, const ExpFunction& function);

/// Takes no part: waits until rank 0 says leave, and gives its exit code.
[[nodiscard]] ExitCode wait_for_leave(Channel& channel);

}  // namespace malet::sweep
