#pragma once

#include "malet/options.hpp"

namespace CLI {
class App;
}

namespace malet::cli {

/// The flags that say which run gets which device: those that `run` and `gpus` share, but for the
/// number of slots.
void add_gpu_options(CLI::App& app, ExperimentOptions& options);

}  // namespace malet::cli
