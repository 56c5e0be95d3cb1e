#pragma once

namespace malet::exec {

/// What the environment says about the launcher that started this process, known before MPI is.
struct Launcher {
  bool present = false;  ///< started by mpirun, or by srun with PMIx or PMI
  int rank = 0;
  bool mpirun = false;  ///< by mpirun, which kills within 2 s of a signal, rather than by srun
};

/// Looks at PMIX_RANK, OMPI_COMM_WORLD_SIZE, OMPI_COMM_WORLD_RANK and PMI_RANK. A batch shell's
/// SLURM_PROCID says nothing.
[[nodiscard]] Launcher launcher();

}  // namespace malet::exec
