#pragma once

#include <filesystem>
#include <string>

namespace malet::exec {

/// The program of this process.
[[nodiscard]] std::string own_executable();

/// A file that is installed with us, as `malet_host.py`: looked for as share/malet/NAME beside the
/// program and this library and in the folders around them, so that an installed tree can be moved.
/// Throws Error(internal) that names the file.
[[nodiscard]] std::filesystem::path data_file(const std::string& name);

}  // namespace malet::exec
