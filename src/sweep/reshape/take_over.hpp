#pragma once

#include <filesystem>

#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Whether killed jobs left something in the folder's logs: journals, or rows of runs that nobody
/// runs any more.
[[nodiscard]] bool is_left_open(const Folder& folder);

/// Brings what killed jobs left in order: takes journals into their logs, writes down that runs in
/// progress are lost, and removes half-written files. Of a split's job only its own log, else all
/// that nobody writes. Throws Error(bad_input) when a log cannot be written.
void take_over_logs(Folder& folder, const std::filesystem::path& own_log, bool only_own);

}  // namespace malet::sweep
