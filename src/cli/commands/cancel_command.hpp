#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi cancel EXP`: ends the jobs that `submit` has submitted.
[[nodiscard]] Subcommand add_cancel_command(CLI::App& program);

}  // namespace malet::cli
