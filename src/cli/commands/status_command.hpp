#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi status EXP`: how far the experiment is.
[[nodiscard]] Subcommand add_status_command(CLI::App& program);

}  // namespace malet::cli
