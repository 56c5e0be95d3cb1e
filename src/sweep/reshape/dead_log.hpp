#pragma once

#include <filesystem>

#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Brings a log of the folder in order whose writer is dead, as that job's next start would; does
/// nothing where no dead writer claims it. Whoever was only thought dead writes no more then. False
/// where somebody else is about it: what was lost may not stand there yet. Throws Error(bad_input)
/// when the log cannot be read or written.
/// \param folder says which experiment; its logs are not looked at.
bool close_dead_log(const Folder& folder, const std::filesystem::path& log);

}  // namespace malet::sweep
