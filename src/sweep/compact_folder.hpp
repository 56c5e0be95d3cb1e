#pragma once

#include <filesystem>
#include <vector>

namespace malet::sweep {

/// Makes one log.h5 of the segments of series of each log of a folder; gives the logs for which
/// there were any.
///
/// \param drop_unknown whether series of runs that a log lacks are left out, rather than an error.
/// Throws Error(refused) while somebody writes the folder, Error(bad_input) for damaged files and
/// where a log and its series disagree: then nothing of that log and those behind it was changed.
std::vector<std::filesystem::path> compact_folder(const std::filesystem::path& exp_folder,
                                                  bool drop_unknown);

}  // namespace malet::sweep
