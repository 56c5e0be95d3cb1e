#pragma once

#include <optional>

namespace malet::exec {

/// What the environment says about the launcher that started this process, known before MPI is.
struct Launcher {
  bool present = false;  ///< started by mpirun, or by srun
  int rank = 0;
  std::optional<int> size;  ///< number of ranks, where the launcher says
  bool mpirun = false;      ///< by mpirun, which kills within 2 s of a signal, rather than by srun
  /// By srun without PMIx or PMI (`--mpi=none`): MPI would show each rank only itself.
  bool unconnected = false;
  bool srun_pmi = false;  ///< by srun with PMI rather than PMIx (`--mpi=pmi2`)
};

/// Looks at PMIX_RANK, OMPI_COMM_WORLD_SIZE, OMPI_COMM_WORLD_RANK, PMI_RANK and PMI_SIZE, and,
/// where srun gave the rank, at SLURM_STEP_NUM_TASKS. Without any of these, srun shows by several
/// SLURM_STEP_NUM_TASKS, and PMI_FD with it is PMI that is srun's own; a batch shell's SLURM_PROCID
/// says nothing.
[[nodiscard]] Launcher launcher();

}  // namespace malet::exec
