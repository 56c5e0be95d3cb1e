#pragma once

#include <string>
#include <vector>

#include "cli/options/option.hpp"

namespace malet::cli {

/// `malet-mpi plan [OPTIONS] EXP`
[[nodiscard]] std::string usage(const std::string& program, const Command& command);

/// The help of a command in lines of at most 80 columns, its options in groups.
[[nodiscard]] std::string help_text(const std::string& program, const Command& command);

/// The help of the program, which lists its commands.
[[nodiscard]] std::string help_text(const std::string& program,
                                    const std::vector<Command>& commands);

/// docs/commands.md: for each command a table of its options.
[[nodiscard]] std::string commands_markdown(const std::vector<Command>& commands);

}  // namespace malet::cli
