#pragma once

#include <filesystem>
#include <string>

namespace malet::exec {

/// The full hash of the commit checked out in the git repository around `folder`; empty outside of
/// one. Reads the repository's files, since compute nodes often have no git.
[[nodiscard]] std::string commit_hash(const std::filesystem::path& folder);

}  // namespace malet::exec
