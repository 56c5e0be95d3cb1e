#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "malet/options.hpp"
#include "sweep/channel/message.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/job/job.hpp"
#include "sweep/recording/recorder.hpp"
#include "sweep/schedule/scheduler.hpp"

namespace malet::sweep {

/// The work of a job, worked out from the folder before anything is started.
struct JobSetup {
  Counts counts;  ///< at the start: failed are those that do not run again
  WorkList::Known known;
  std::unordered_map<std::uint64_t, Earlier> earlier;
  bool may_repeat = false;
};

[[nodiscard]] JobSetup make_setup(const Folder& folder, const Scope& scope, bool rerun_failed);

/// What other ranks are told of a job.
/// \param slots of the rank, where runs have processes of their own.
[[nodiscard]] SetupMessage setup_message(const Job& job, std::vector<SlotPlace> slots);

/// The scheduler for so many workers; empty for a queue job, which gets its work later.
[[nodiscard]] Scheduler make_scheduler(const JobSetup& setup, const Scope& scope,
                                       const ExperimentOptions& options, std::size_t workers);

/// The logs that the job writes: its split's; else one per worker under a fixed schedule; else
/// log.tsv.
[[nodiscard]] std::vector<LogWriter> make_logs(const Job& job, std::size_t workers);

/// Whether a job is to keep series of numbers in HDF5: as it was told, else as the folder's logs
/// have them. Throws Error(bad_input) when it was told to keep them in cells and the folder has
/// them in HDF5.
[[nodiscard]] bool keeps_series_apart(const Folder& folder, std::optional<SeriesForm> wanted);

}  // namespace malet::sweep
