#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi gpus`: which slot gets which device, under any launcher.
[[nodiscard]] Subcommand add_gpus_command(CLI::App& program);

}  // namespace malet::cli
