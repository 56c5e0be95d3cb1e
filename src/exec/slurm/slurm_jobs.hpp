#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace malet::exec {

/// A Slurm job as sbatch names it.
struct SlurmJob {
  std::string number;
  std::string cluster;      ///< empty unless there are several
  std::uint64_t tasks = 1;  ///< of an array

  friend bool operator==(const SlurmJob&, const SlurmJob&) = default;
};

/// How many tasks of a Slurm job are in which state. States are Slurm's words: PENDING, RUNNING,
/// COMPLETED, ...
using TaskStates = std::map<std::string, std::uint64_t>;

/// The state of tasks while Slurm does not answer.
inline constexpr std::string_view unknown_state = "unknown";
/// The state of tasks that Slurm has forgotten: they ended in some way.
inline constexpr std::string_view ended_state = "ended";

/// Whether a task in that state has ended. False for unknown_state.
[[nodiscard]] bool is_over(std::string_view state);

/// Reads the output of `sbatch --parsable`: `55` or `55;cluster`. Nothing for any other text.
[[nodiscard]] std::optional<SlurmJob> parse_sbatch_answer(std::string_view text);

/// Reads lines `55|RUNNING` of squeue or sacct: states by Slurm job number. Tasks of an array are
/// `55_3` or `55_[4-7]`, a state may go on, as in `CANCELLED by 0`, and a line with the cluster's
/// name may come first. Nothing for any other text.
[[nodiscard]] std::optional<std::map<std::string, TaskStates>> parse_job_states(
    std::string_view text);

/// The states of Slurm jobs, in the order of `jobs`. Asks squeue, and sacct for those that squeue
/// has forgotten, for at most `patience` in all.
[[nodiscard]] std::vector<TaskStates> slurm_job_states(const std::vector<SlurmJob>& jobs,
                                                       std::chrono::milliseconds patience);

/// The command line that submits a batch script.
/// \param after the number of a Slurm job to wait for, however it ends; empty: none.
[[nodiscard]] std::vector<std::string> sbatch_command(const std::string& script,
                                                      const std::string& after);

/// Throws Error(bad_input) when there is no sbatch.
void require_sbatch();

/// Submits a batch script by sbatch_command(). Throws Error(bad_input) with what sbatch said when
/// it fails, or when its answer does not tell.
[[nodiscard]] SlurmJob submit_batch(const std::string& script, const std::string& after);

/// Cancels Slurm jobs of one cluster (SlurmJob::cluster), pending ones first: cancelling a running
/// one must not start one that waits for its end. Throws Error(bad_input) with what scancel said
/// when it fails.
void cancel_jobs(const std::string& cluster, const std::vector<std::string>& numbers);

}  // namespace malet::exec
