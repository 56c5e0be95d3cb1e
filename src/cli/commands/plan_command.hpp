#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi plan EXP`: what would run.
[[nodiscard]] Subcommand add_plan_command(CLI::App& program);

}  // namespace malet::cli
