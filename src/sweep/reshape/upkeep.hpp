#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <vector>

#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Whether killed jobs left journals, or rows with status R, in the folder's logs.
[[nodiscard]] bool is_left_open(const Folder& folder);

/// Takes over what killed jobs left: takes journals into their logs, notes lost runs as failed, and
/// removes half-written files. With `only_own` for own_log alone, else for all logs without a
/// writer. Throws Error(bad_input) when a log cannot be written.
void take_over_logs(Folder& folder, const std::filesystem::path& own_log, bool only_own);

/// Takes over a log whose writer is dead, as that job's next start would. Does nothing for a log
/// without a dead writer. A job that was only thought dead writes no more then. Throws
/// Error(refused) while somebody else is at it, Error(bad_input) when the log cannot be read or
/// written.
/// \param folder says which experiment; its logs are not looked at.
void close_dead_log(const Folder& folder, const std::filesystem::path& log);

/// The same for some logs. Waits for others who are at it. Tells whether all are closed: if not,
/// rows of runs that were lost may not say so yet.
[[nodiscard]] bool close_dead_logs(const Folder& folder,
                                   const std::vector<std::filesystem::path>& logs,
                                   std::chrono::seconds patience);

/// A log whose log.h5 was written.
struct CompactedLog {
  std::filesystem::path log;
  std::size_t dropped_runs = 0;  ///< runs whose series were left out, as the log lacks them
};

/// Makes one log.h5 of the series segments of each log of a folder. Returns the logs that had any.
///
/// \param drop_unknown whether series of runs that a log lacks are left out, rather than an error.
/// Throws Error(refused) while somebody writes the folder, Error(bad_input) for damaged files and
/// where a log and its series disagree, has none of the runs, or is gone: then nothing of that log
/// and those behind it was changed.
std::vector<CompactedLog> compact_folder(const std::filesystem::path& exp_folder,
                                         bool drop_unknown);

}  // namespace malet::sweep
