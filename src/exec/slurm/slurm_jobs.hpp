#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace malet::exec {

/// A job as sbatch names it.
struct SlurmJob {
  std::string number;
  std::string cluster;      ///< where there are several; else empty
  std::uint64_t tasks = 1;  ///< of an array

  friend bool operator==(const SlurmJob&, const SlurmJob&) = default;
};

/// How many tasks of a job are in which state, by Slurm's words: PENDING, RUNNING, COMPLETED, ...
using TaskStates = std::map<std::string, std::uint64_t>;

/// A state of which nothing is known, as Slurm does not answer.
inline constexpr std::string_view unknown_state = "unknown";
/// That of a job which Slurm has forgotten: it is over, however it ended.
inline constexpr std::string_view ended_state = "ended";

/// Whether a task in that state is over. What is unknown is not.
[[nodiscard]] bool is_over(std::string_view state);

/// The job in what `sbatch --parsable` prints: `55` or `55;cluster`. Nothing for any other text.
[[nodiscard]] std::optional<SlurmJob> parse_sbatch_answer(std::string_view text);

/// States by job number in lines `55|RUNNING`, as squeue and sacct print them when asked for these
/// two: tasks of an array are `55_3` or `55_[4-7]`, a state may go on, as in `CANCELLED by 0`, and
/// the name of a cluster may stand above. Nothing for any other text.
[[nodiscard]] std::optional<std::map<std::string, TaskStates>> parse_job_states(
    std::string_view text);

/// How jobs stand, each as in `jobs`. Asks squeue, and sacct for those that squeue has forgotten,
/// no longer than `patience` in all.
[[nodiscard]] std::vector<TaskStates> slurm_job_states(const std::vector<SlurmJob>& jobs,
                                                       std::chrono::milliseconds patience);

}  // namespace malet::exec
