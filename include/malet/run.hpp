#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "malet/value.hpp"

namespace malet {

namespace exec {
class RunLink;
}

/// A run in progress, as the experiment function sees it. Use it from the thread that called the
/// function.
class Run {
 public:
  /// Made by the executor, not by users.
  explicit Run(exec::RunLink& link) : link_(&link) {}

  /// Reports one step: each scalar is appended to the series of its name, and is safe at rank 0
  /// from then on. A list is appended value by value.
  void report(const Metrics& step);

  /// Number of steps reported for this config so far, earlier attempts included; the step to go on
  /// with. 0 on a first attempt. Asking keeps the earlier series, which otherwise start anew.
  [[nodiscard]] std::int64_t next_step();

  /// The metrics that earlier attempts left, empty on a first one. Asking keeps the earlier series.
  [[nodiscard]] const Metrics& resume();

  /// Whether the job is about to end (deadline, signal): save what is needed and return soon. A run
  /// that was told to stop counts as interrupted, not as complete, and is run again by the next
  /// job.
  [[nodiscard]] bool should_stop();

  /// The run's own folder `EXP/runs/{aa}/{run_id}`, made by this call; the same on every attempt,
  /// so checkpoints go here. Files in it are never deleted.
  [[nodiscard]] std::filesystem::path dir();

  /// The config's run_id (see Config::run_id).
  [[nodiscard]] std::string run_id() const;

 private:
  exec::RunLink* link_;
};

}  // namespace malet
