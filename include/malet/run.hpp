#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "malet/value.hpp"

namespace malet {

namespace exec {
class RunLink;
}

/// A run in progress, for its experiment function. Use it only in the thread that called the
/// function.
class Run {
 public:
  /// For the executor, not for users.
  explicit Run(exec::RunLink& link) : link_(&link) {}

  /// Reports one step: appends each scalar to the series of its name, and a list value by value.
  /// Rank 0 keeps the step even if this run fails later.
  void report(const Metrics& step);

  /// The number of steps that earlier attempts of this config reported: the step to go on with. 0
  /// on a first attempt. Keeps the earlier series; without a call they start anew.
  [[nodiscard]] std::int64_t next_step();

  /// The metrics of earlier attempts; empty on a first one. Keeps the earlier series.
  [[nodiscard]] const Metrics& resume();

  /// Whether the job is about to end (deadline, signal): save a checkpoint and return soon. Once
  /// this has returned true, the run counts as interrupted, and the next job runs it again.
  [[nodiscard]] bool should_stop();

  /// The run's own folder `EXP/runs/{aa}/{run_id}` for checkpoints, the same on every attempt. This
  /// call makes it. Files in it are never deleted.
  [[nodiscard]] std::filesystem::path dir();

  /// The config's run_id (see Config::run_id).
  [[nodiscard]] std::string run_id() const;

 private:
  exec::RunLink* link_;
};

}  // namespace malet
