#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi import-wandb ENTITY/PROJECT SWEEP... -o LOG`: runs of W&B sweeps as a log.
[[nodiscard]] Subcommand add_import_wandb_command(CLI::App& program);

}  // namespace malet::cli
