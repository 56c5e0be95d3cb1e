#pragma once

#include <filesystem>
#include <string>

namespace malet::cli {

/// Sees that a path that a reading command was given leads to an experiment folder. Throws
/// Error(bad_input) with a sentence that says what is missing and what to give.
void require_experiment(const std::filesystem::path& path);

/// The same for commands that also read a log by itself: a path to any file will do.
void require_experiment_or_log(const std::filesystem::path& path);

/// Sees that there is a log, or a folder that may hold logs. Throws as the others.
void require_logs(const std::filesystem::path& path);

/// Sees, before anything is read for it, that a file can be put at a path: that it is no folder
/// or device, and that the folder it goes to can be written or made. Throws Error(bad_input).
void require_writable(const std::filesystem::path& file);

/// The name of an experiment: its folder's.
[[nodiscard]] std::string experiment_name(const std::filesystem::path& exp_folder);

}  // namespace malet::cli
