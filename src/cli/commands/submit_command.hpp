#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi submit EXP`: writes a batch script and gives it to Slurm.
[[nodiscard]] Subcommand add_submit_command(CLI::App& program);

}  // namespace malet::cli
