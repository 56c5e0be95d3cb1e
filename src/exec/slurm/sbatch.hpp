#pragma once

#include <string>
#include <vector>

#include "exec/slurm/slurm_jobs.hpp"

namespace malet::exec {

/// The command line that gives a batch script to Slurm.
/// \param after the number of a job whose end is waited for, however it ends; empty: none.
[[nodiscard]] std::vector<std::string> sbatch_command(const std::string& script,
                                                      const std::string& after);

/// Throws Error(bad_input) where there is no sbatch.
void require_sbatch();

/// Gives a script to Slurm by that command line, and tells which job it has become. Throws
/// Error(bad_input), one sentence with what sbatch said, when it has not, or nobody knows.
[[nodiscard]] SlurmJob submit_batch(const std::string& script, const std::string& after);

/// Cancels jobs of one cluster (SlurmJob::cluster). Those that wait go first: one that waits for
/// another's end is not to begin when that one is cancelled. Throws Error(bad_input), one sentence
/// with what scancel said, when it fails.
void cancel_jobs(const std::string& cluster, const std::vector<std::string>& numbers);

}  // namespace malet::exec
