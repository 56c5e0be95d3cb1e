#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace malet::exec {

/// Names and values to add to an environment.
using Variables = std::vector<std::pair<std::string, std::string>>;

/// Whether a variable is the launcher's message to this rank: its number, its daemon's address.
/// With it, a child that calls MPI_Init, mpirun or srun would pass for a rank of our job.
/// SLURM_JOB_ID is none: runs may ask Slurm about their Slurm job.
[[nodiscard]] bool is_launcher_variable(std::string_view name);

/// `inherited` (texts `NAME=value`) without the launcher's variables, and with `added`, which
/// override it.
[[nodiscard]] std::vector<std::string> child_environment(const std::vector<std::string>& inherited,
                                                         const Variables& added);

/// The environment of this process.
[[nodiscard]] std::vector<std::string> own_environment();

/// The value of a variable of this process if it is a whole number.
[[nodiscard]] std::optional<std::uint64_t> number_variable(const char* name);

}  // namespace malet::exec
