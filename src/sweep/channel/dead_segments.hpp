#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace malet::sweep {

/// Open MPI keeps a file per rank of a node in /dev/shm, `vader_segment.HOST.UID.JOB.RANK`, which a
/// job that was killed leaves behind. Removes those in `folder` that are this user's and this
/// host's, older than a minute, and mapped by no process. Does nothing where that cannot be told.
void remove_dead_segments(const std::filesystem::path& folder = "/dev/shm",
                          const std::filesystem::path& processes = "/proc");

/// The files of this kind that a process maps, from the text of its /proc/PID/maps.
[[nodiscard]] std::vector<std::string> mapped_segments(const std::string& maps);

}  // namespace malet::sweep
