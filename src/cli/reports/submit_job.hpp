#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/options/submit_options.hpp"
#include "exec/slurm/slurm_config.hpp"

namespace malet::cli {

/// What `submit` is asked to submit, checked against what this Slurm takes.
///
/// Throws Error(bad_input) for what cannot be: more tasks than Slurm takes, with a number that it
/// takes; words for sbatch that contradict the array.
void check_submit(const SubmitOptions& options, const exec::SlurmConfig& slurm);

/// The batch script.
/// \param program what runs, by its whole path.
/// \param arguments the options of run.
/// \param script where it will stand.
[[nodiscard]] std::string submit_script(const SubmitOptions& options,
                                        const exec::SlurmConfig& slurm, const std::string& program,
                                        const std::vector<std::string>& arguments,
                                        const std::filesystem::path& script);

}  // namespace malet::cli
