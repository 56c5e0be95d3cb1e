#include "cli/options/gpu_options.hpp"

#include "cli/options/options.hpp"

namespace malet::cli {

void add_gpu_options(CLI::App& app, ExperimentOptions& options) {
  add_number(app, "--gpus-per-run", options.devices.gpus_per_run,
             "Devices for each run (default 1 where there are any)", 0, 1024);
  add_number(app, "--runs-per-gpu", options.devices.runs_per_gpu,
             "How many runs share a device (default 1)", 1, 1024);
}

}  // namespace malet::cli
