#include "exec/process/environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text/text_parts.hpp"

namespace malet::exec {

namespace {

constexpr std::array<std::string_view, 7> families = {"OMPI_", "PMIX_", "PMI_",      "PRTE_",
                                                      "ORTE_", "OPAL_", "SLURM_STEP"};
constexpr std::array<std::string_view, 5> names = {"SLURM_NTASKS", "SLURM_NPROCS", "SLURM_PROCID",
                                                   "SLURM_LOCALID", "SLURM_NODEID"};
// Parameters that mpirun sets for a rank. A child with them waits for a daemon that does not know
// it. Parameters set by users have other names.
constexpr std::array<std::string_view, 3> rank_parameters = {"OMPI_MCA_ess", "OMPI_MCA_orte_",
                                                             "OMPI_MCA_pmix"};

bool starts_with_any(std::string_view name, const auto& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return name.starts_with(beginning); });
}

std::string_view name_of(std::string_view variable) {
  return variable.substr(0, variable.find('='));
}

}  // namespace

bool is_launcher_variable(std::string_view name) {
  if (name.starts_with("OMPI_MCA_")) return starts_with_any(name, rank_parameters);
  return starts_with_any(name, families) ||
         std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> child_environment(const std::vector<std::string>& inherited,
                                           const Variables& added) {
  std::vector<std::string> environment;
  for (const std::string& variable : inherited) {
    const std::string_view name = name_of(variable);
    const bool replaced = std::any_of(added.begin(), added.end(),
                                      [&](const auto& pair) { return pair.first == name; });
    if (!replaced && !is_launcher_variable(name)) environment.push_back(variable);
  }
  for (const auto& [name, value] : added) environment.push_back(name + "=" + value);
  return environment;
}

std::vector<std::string> own_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    variables.emplace_back(*variable);
  }
  return variables;
}

std::optional<std::uint64_t> number_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : base::whole_number(value);
}

}  // namespace malet::exec
