#include "exec/slurm/launcher.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>

#include "exec/process/environment.hpp"

namespace malet::exec {

namespace {

std::optional<int> number_in(const char* name) {
  const auto number = number_variable(name);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

/// The number of ranks. Under mpirun a Slurm step, if there is one, is that of mpirun's daemons.
std::optional<int> size_of(const Launcher& found) {
  if (found.mpirun) return number_in("OMPI_COMM_WORLD_SIZE");
  const auto size = number_in("PMI_SIZE");
  const bool by_srun = number_in("SLURM_PROCID") == found.rank;
  return size || !by_srun ? size : number_in("SLURM_STEP_NUM_TASKS");
}

/// A task of srun without MPI variables; only of interest if there are several.
Launcher unconnected_task() {
  Launcher found;
  const auto rank = number_in("SLURM_PROCID");
  found.size = number_in("SLURM_STEP_NUM_TASKS");
  if (!rank || found.size.value_or(1) < 2) return {};
  found.present = true;
  found.unconnected = true;
  found.rank = *rank;
  return found;
}

}  // namespace

Launcher launcher() {
  Launcher found;
  found.mpirun = std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr;
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"}) {
    if (std::getenv(name) == nullptr) continue;
    found.present = true;
    found.rank = number_in(name).value_or(0);
    break;
  }
  found.present = found.present || found.mpirun;
  if (!found.present) return unconnected_task();
  found.size = size_of(found);
  found.srun_pmi = !found.mpirun && std::getenv("PMIX_RANK") == nullptr &&
                   std::getenv("PMI_FD") != nullptr && std::getenv("SLURM_PROCID") != nullptr;
  return found;
}

std::string node_name() {
  // A batch script's processes inherit the name of its node; only a step has the right one.
  const char* node =
      std::getenv("SLURM_STEP_ID") != nullptr ? std::getenv("SLURMD_NODENAME") : nullptr;
  if (node != nullptr && *node != '\0') return node;
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace malet::exec
