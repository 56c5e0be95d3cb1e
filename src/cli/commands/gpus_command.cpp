#include "cli/commands/gpus_command.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/options/gpu_options.hpp"
#include "cli/options/options.hpp"
#include "malet/error.hpp"
#include "sweep/job/job.hpp"

namespace malet::cli {

namespace {

struct GpusOptions {
  ExperimentOptions experiment;
  bool json = false;
};

}  // namespace

Subcommand add_gpus_command(CLI::App& program) {
  const auto given = std::make_shared<GpusOptions>();
  ExperimentOptions& options = given->experiment;
  CLI::App& app = *program.add_subcommand("gpus", "Show which slot would get which device");
  add_number(app, "-j,--jobs", options.devices.jobs, "Runs at a time, without a launcher", 1, 4096);
  add_number(app, "--slots", options.devices.slots, "Runs at a time per rank", 1, 4096);
  add_choice<Rank0>(
      app, "--rank0", options.devices.rank0,
      {{"auto", Rank0::automatic}, {"coordinate", Rank0::coordinate}, {"work", Rank0::work}},
      "What rank 0 does besides recording");
  add_gpu_options(app, options);
  app.add_flag("--json", given->json, "Write {slots, coordinators, unused}");
  app.footer(
      "Start it exactly as the job would be started.\n\nExamples:\n"
      "  srun --gpus-per-task=1 malet-mpi gpus\n  mpirun -q -n 4 malet-mpi gpus --runs-per-gpu 2\n"
      "  malet-mpi gpus --json");
  return {&app, [given](Console& console) {
            const sweep::GpuMapForm form =
                given->json ? sweep::GpuMapForm::json : sweep::GpuMapForm::table;
            console.out.write(sweep::map_gpus(given->experiment, form));
            return ExitCode::complete;
          }};
}

}  // namespace malet::cli
