#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sweep/job/job.hpp"
#include "sweep/recording/recorder.hpp"
#include "sweep/schedule/scheduler.hpp"

namespace malet::sweep {

/// What is to be done in a job, worked out from the folder before anything is started.
struct JobSetup {
  Counts counts;  ///< at the start: failed are those that do not run again
  WorkList::Known known;
  std::unordered_map<std::uint64_t, Earlier> earlier;
  bool may_repeat = false;
};

[[nodiscard]] JobSetup make_setup(const Folder& folder, const Scope& scope, bool rerun_failed);

/// The scheduler for so many workers; in queue mode one that has nothing yet.
[[nodiscard]] Scheduler make_scheduler(const JobSetup& setup, const Scope& scope,
                                       const ExperimentOptions& options, std::size_t workers);

/// The logs that the job writes: its split's; else one per worker under a fixed schedule; else
/// log.tsv.
[[nodiscard]] std::vector<LogWriter> make_logs(const Job& job, std::size_t workers);

}  // namespace malet::sweep
