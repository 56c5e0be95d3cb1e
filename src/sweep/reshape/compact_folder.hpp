#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace malet::sweep {

/// A log whose log.h5 was written.
struct CompactedLog {
  std::filesystem::path log;
  std::size_t dropped_runs = 0;  ///< runs whose series were left out, as the log lacks them
};

/// Makes one log.h5 of the segments of series of each log of a folder; gives the logs for which
/// there were any.
///
/// \param drop_unknown whether series of runs that a log lacks are left out, rather than an error.
/// Throws Error(refused) while somebody writes the folder, Error(bad_input) for damaged files and
/// where a log and its series disagree, has none of the runs, or is gone: then nothing of that log
/// and those behind it was changed.
std::vector<CompactedLog> compact_folder(const std::filesystem::path& exp_folder,
                                         bool drop_unknown);

}  // namespace malet::sweep
