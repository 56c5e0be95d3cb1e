#pragma once

#include <optional>

namespace malet::exec {

/// What the environment says about the launcher that started this process, known before MPI is.
struct Launcher {
  bool present = false;  ///< started by mpirun, or by srun with PMIx or PMI
  int rank = 0;
  std::optional<int> size;  ///< number of ranks, where the launcher says
  bool mpirun = false;      ///< by mpirun, which kills within 2 s of a signal, rather than by srun
};

/// Looks at PMIX_RANK, OMPI_COMM_WORLD_SIZE, OMPI_COMM_WORLD_RANK, PMI_RANK and PMI_SIZE, and,
/// where srun gave the rank, at SLURM_STEP_NUM_TASKS. A batch shell's SLURM_PROCID says nothing.
[[nodiscard]] Launcher launcher();

}  // namespace malet::exec
