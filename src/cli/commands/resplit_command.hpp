#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi resplit EXP -n N`: all logs of a folder become N new ones.
[[nodiscard]] Subcommand add_resplit_command(CLI::App& program);

/// `malet-mpi mark-failed EXP`: rows of runs that nobody runs any more become failed ones.
[[nodiscard]] Subcommand add_mark_failed_command(CLI::App& program);

}  // namespace malet::cli
