#include <memory>

#include "cli/commands/commands.hpp"
#include "cli/options/forms.hpp"
#include "malet/error.hpp"
#include "sweep/job/job.hpp"

namespace malet::cli {

namespace {

struct GpusOptions {
  ExperimentOptions experiment;
  bool json = false;
};

}  // namespace

Command gpus_command() {
  const auto given = std::make_shared<GpusOptions>();
  return {"gpus",
          "Show which slot would get which device",
          joined({device_options(given->experiment.devices),
                  {{"--json", groups::output, "Write {slots, coordinators, unused}",
                    flag(given->json)}}}),
          "Start it exactly as the job would be started.",
          {"srun --gpus-per-task=1 malet-mpi gpus",
           "mpirun -q -n 4 malet-mpi gpus --runs-per-gpu 2", "malet-mpi gpus --json"},
          [given](Call&, Console& console) {
            const sweep::GpuMapForm form =
                given->json ? sweep::GpuMapForm::json : sweep::GpuMapForm::table;
            console.out.write(sweep::map_gpus(given->experiment, form));
            return ExitCode::complete;
          }};
}

}  // namespace malet::cli
