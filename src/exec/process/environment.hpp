#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace malet::exec {

/// Names and values, as they are added to an environment.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Whether a variable is the launcher's word to this very rank (its number, where its daemon
/// listens). A child that inherited it would take itself for a rank of our job as soon as it calls
/// MPI_Init, mpirun or srun. SLURM_JOB_ID stays: jobs may ask about themselves.
[[nodiscard]] bool is_launcher_variable(std::string_view name);

/// `inherited` (texts `NAME=value`) without the launcher's variables and with `added`, which win.
[[nodiscard]] std::vector<std::string> child_environment(const std::vector<std::string>& inherited,
                                                         const Variables& added);

/// The environment of this process.
[[nodiscard]] std::vector<std::string> own_environment();

/// The whole number that a variable of this process holds; nothing where it holds anything else.
[[nodiscard]] std::optional<std::uint64_t> number_variable(const char* name);

}  // namespace malet::exec
