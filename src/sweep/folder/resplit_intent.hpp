#pragma once

#include <filesystem>
#include <utility>
#include <vector>

namespace malet::sweep {

/// What is left to do once new logs are complete: EXP/resplit.intent. Paths are relative to EXP.
struct ResplitIntent {
  std::vector<std::filesystem::path> remove;
  /// From where to where files are moved, over what is there; after the removals.
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> move;
};

/// Writes the intent: from now on the new logs count, whatever happens. Throws Error(internal).
void commit_intent(const std::filesystem::path& exp_folder, const ResplitIntent& intent);

/// Whether there is an intent that has not been carried out.
[[nodiscard]] bool has_intent(const std::filesystem::path& exp_folder);

/// Moves and removes what the intent says, then removes the intent. The caller holds its lock.
/// Throws Error(internal) with path and reason. After that or a kill it can be called again.
void carry_out_intent(const std::filesystem::path& exp_folder);

/// Finishes a resplit that was cut off, if there is one. Waits a while for a resplit in progress.
/// Throws Error(refused) if that does not end, Error(bad_input) for a damaged intent and a folder
/// that cannot be written.
void finish_resplit(const std::filesystem::path& exp_folder);

/// Removes what a resplit left that was killed before its intent was written. The caller holds the
/// right to write in the folder.
void remove_unfinished_resplit(const std::filesystem::path& exp_folder);

}  // namespace malet::sweep
