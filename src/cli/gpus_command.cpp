#include "cli/gpus_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/gpu_options.hpp"
#include "cli/options.hpp"
#include "malet/experiment.hpp"

namespace malet::cli {

Subcommand add_gpus_command(CLI::App& program) {
  const auto options = std::make_shared<ExperimentOptions>();
  CLI::App& app = *program.add_subcommand("gpus", "Show which slot would get which device");
  add_number(app, "-j,--jobs", options->jobs, "Runs at a time, without a launcher", 1, 4096);
  add_number(app, "--slots", options->slots, "Runs at a time per rank", 1, 4096);
  add_choice<Rank0>(
      app, "--rank0", options->rank0,
      {{"auto", Rank0::automatic}, {"coordinate", Rank0::coordinate}, {"work", Rank0::work}},
      "What rank 0 does besides recording");
  add_gpu_options(app, *options);
  app.footer(
      "Start it exactly as the job would be started.\n\nExamples:\n"
      "  srun --gpus-per-task=1 malet-mpi gpus\n  mpirun -q -n 4 malet-mpi gpus --runs-per-gpu 2");
  return {&app, [options](Console& console) {
            console.out.write(Experiment::gpu_map(*options));
            return ExitCode::complete;
          }};
}

}  // namespace malet::cli
