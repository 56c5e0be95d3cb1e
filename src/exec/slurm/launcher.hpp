#pragma once

#include <optional>
#include <string>

namespace malet::exec {

/// What the environment says about the launcher of this process, known before MPI starts.
struct Launcher {
  bool present = false;  ///< started by mpirun or srun
  int rank = 0;
  std::optional<int> size;  ///< number of ranks, if the launcher says
  bool mpirun = false;      ///< by mpirun, which kills within 2 s of a signal, rather than by srun
  /// By srun without PMIx or PMI (`--mpi=none`): MPI would show each rank only itself.
  bool unconnected = false;
  bool srun_pmi = false;  ///< by srun with PMI rather than PMIx (`--mpi=pmi2`)
};

/// Reads PMIX_RANK, OMPI_COMM_WORLD_SIZE, OMPI_COMM_WORLD_RANK, PMI_RANK and PMI_SIZE; and
/// SLURM_STEP_NUM_TASKS when srun gave the rank. Without any of these, several SLURM_STEP_NUM_TASKS
/// mean srun. PMI_FD with a rank means srun's own PMI. SLURM_PROCID alone means nothing, since a
/// batch script has it, too.
[[nodiscard]] Launcher launcher();

/// The name of this node: Slurm's name inside a step, since several Slurm nodes can be one machine;
/// else the host's name.
[[nodiscard]] std::string node_name();

}  // namespace malet::exec
