#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace malet {

/// Numbers of configs by status. Repeats of a config count once.
struct Counts {
  std::uint64_t total = 0;      ///< the sum of completed, failed, running and pending
  std::uint64_t completed = 0;  ///< status C
  std::uint64_t failed = 0;     ///< status F
  /// Status R. In a job's report: configs that the job's end interrupted; they have status F in the
  /// log, and the next job runs them again.
  std::uint64_t running = 0;
  std::uint64_t pending = 0;  ///< never run
  /// In a folder: the part of `failed` whose job ended during the run. The next job runs them again
  /// under every PaceOptions::rerun_failed.
  std::uint64_t interrupted = 0;
};

/// A run that failed, as passed to ExperimentOptions::on_failure.
struct Failure {
  std::uint64_t index = 0;  ///< of the config in the grid
  std::string error;        ///< one line
  std::string traceback;    ///< where, over several lines; may be empty
  bool will_retry = false;  ///< PaceOptions::retries leaves another attempt in this job
};

/// The state of a job, as passed to ExperimentOptions::on_progress.
struct Progress {
  Counts counts;                            ///< of the configs this job is about
  std::uint64_t finished_here = 0;          ///< configs finished by this job
  std::chrono::duration<double> elapsed{};  ///< since the job began, in seconds
  std::string last_error;                   ///< of the last run that failed; empty if none failed
  std::uint64_t last_error_index = 0;       ///< of that run's config
  bool stopping = false;                    ///< a deadline or signal has come
  std::uint64_t retries = 0;                ///< runs that failed and were tried again
  std::vector<std::string> events;  ///< what has happened to slots since the last call, for people
  /// Why the logs could not be written just now; empty while they can. The results stay in memory
  /// and are tried again.
  std::string warning;
};

}  // namespace malet
