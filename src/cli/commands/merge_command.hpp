#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi merge LOG... -o OUT`
[[nodiscard]] Subcommand add_merge_command(CLI::App& program);

}  // namespace malet::cli
