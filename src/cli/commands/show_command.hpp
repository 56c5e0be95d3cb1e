#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi show EXP|LOG`: rows of logs.
[[nodiscard]] Subcommand add_show_command(CLI::App& program);

}  // namespace malet::cli
