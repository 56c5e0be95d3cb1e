#pragma once

#include <filesystem>

namespace malet::cli {

/// Sees, before anything is read for it, that a file can be put at a path: that it is no folder
/// or device, and that the folder it goes to can be written or made. Throws Error(bad_input).
void require_writable(const std::filesystem::path& file);

}  // namespace malet::cli
