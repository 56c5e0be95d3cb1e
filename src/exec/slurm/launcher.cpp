#include "exec/slurm/launcher.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <system_error>

namespace malet::exec {

namespace {

std::optional<int> number_in(const char* name) {
  const char* text = std::getenv(name);
  int number = 0;
  if (text == nullptr) return std::nullopt;
  const auto read = std::from_chars(text, text + std::strlen(text), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// Under mpirun the step of srun, if there is one, is that of mpirun's daemons.
std::optional<int> size_of(const Launcher& found) {
  if (found.mpirun) return number_in("OMPI_COMM_WORLD_SIZE");
  const auto size = number_in("PMI_SIZE");
  const bool by_srun = number_in("SLURM_PROCID") == found.rank;
  return size || !by_srun ? size : number_in("SLURM_STEP_NUM_TASKS");
}

/// What a task of srun is that was told nothing for MPI. A single one needs nothing.
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

}  // namespace malet::exec
