#include "exec/process/affinity.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace malet::exec {

namespace {

std::optional<cpu_set_t> cpus_of(pid_t pid) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (::sched_getaffinity(pid, sizeof cpus, &cpus) != 0) return std::nullopt;
  return cpus;
}

bool is_set(const char* variable) {
  return std::getenv(variable) != nullptr;
}

/// Whether mpirun had `--bind-to` or `--map-by slot:PE=n`, which ranks get as variables.
bool asked_for_binding() {
  const char* mapping = std::getenv("OMPI_MCA_rmaps_base_mapping_policy");
  return is_set("OMPI_MCA_hwloc_base_binding_policy") ||
         is_set("PRTE_MCA_hwloc_default_binding_policy") ||
         (mapping != nullptr && std::string(mapping).find("PE=") != std::string::npos);
}

}  // namespace

std::string usable_cpus() {
  const auto cpus = cpus_of(0);
  std::string text;
  for (std::size_t cpu = 0; cpus && cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &*cpus)) continue;
    std::size_t last = cpu;
    while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, &*cpus)) ++last;
    if (!text.empty()) text += ',';
    text += last == cpu ? fmt::format("{}", cpu) : fmt::format("{}-{}", cpu, last);
    cpu = last;
  }
  return text;
}

int usable_cores() {
  const auto cpus = cpus_of(0);
  return cpus ? std::max(CPU_COUNT(&*cpus), 1) : 1;
}

void unbind_from_core() {
  if (!is_set("OMPI_MCA_orte_bound_at_launch") || asked_for_binding()) return;
  // The parent, mpirun's daemon, is not bound.
  const auto cpus = cpus_of(::getppid());
  if (cpus) (void)::sched_setaffinity(0, sizeof *cpus, &*cpus);
}

}  // namespace malet::exec
