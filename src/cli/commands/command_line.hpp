#pragma once

#include <string>
#include <vector>

#include "cli/screen/output.hpp"
#include "malet/error.hpp"

namespace malet::cli {

/// A whole command line, `arguments[0]` being the program's name: parses it, runs the command and
/// says what went wrong. Throws nothing.
[[nodiscard]] ExitCode run_command_line(const std::vector<std::string>& arguments,
                                        Console& console);

}  // namespace malet::cli
