#pragma once

// Everything of malet-mpi in one include.

#include "malet/config.hpp"          // IWYU pragma: export
#include "malet/config_iter.hpp"     // IWYU pragma: export
#include "malet/error.hpp"           // IWYU pragma: export
#include "malet/experiment.hpp"      // IWYU pragma: export
#include "malet/experiment_log.hpp"  // IWYU pragma: export
#include "malet/log_lock.hpp"        // IWYU pragma: export
#include "malet/main.hpp"            // IWYU pragma: export
#include "malet/melted_log.hpp"      // IWYU pragma: export
#include "malet/merge.hpp"           // IWYU pragma: export
#include "malet/options.hpp"         // IWYU pragma: export
#include "malet/progress.hpp"        // IWYU pragma: export
#include "malet/registry.hpp"        // IWYU pragma: export
#include "malet/run.hpp"             // IWYU pragma: export
#include "malet/run_info.hpp"        // IWYU pragma: export
#include "malet/value.hpp"           // IWYU pragma: export
