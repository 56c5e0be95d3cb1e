#pragma once

#include "cli/commands/subcommand.hpp"

namespace malet::cli {

/// `malet-mpi compact EXP`: makes one log.h5 of the segments of each log's series.
Subcommand add_compact_command(CLI::App& program);

}  // namespace malet::cli
