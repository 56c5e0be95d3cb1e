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

/// Does what the intent says, and removes it. The caller holds the right to. Throws Error(internal)
/// with path and reason; then, and after a kill, it can be done again from the beginning.
void carry_out_intent(const std::filesystem::path& exp_folder);

/// Finishes a resplit that was cut off, where there is one; waits a while for one that is about to
/// end. Throws Error(refused) while somebody else is at it, Error(bad_input) for an intent that is
/// none, and where the folder cannot be written.
void finish_resplit(const std::filesystem::path& exp_folder);

/// Removes what a resplit left that was killed before it counted. For those who hold the right to
/// write in the folder.
void remove_unfinished_resplit(const std::filesystem::path& exp_folder);

}  // namespace malet::sweep
