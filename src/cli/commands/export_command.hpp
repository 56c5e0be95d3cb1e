#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi export EXP|LOG -o FILE`
[[nodiscard]] Subcommand add_export_command(CLI::App& program);

}  // namespace malet::cli
