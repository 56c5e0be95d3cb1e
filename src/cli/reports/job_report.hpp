#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "exec/slurm/slurm_jobs.hpp"
#include "malet/value.hpp"
#include "sweep/folder/submitted_jobs.hpp"

namespace malet::cli {

/// A submitted job and how it stands.
struct JobFacts {
  sweep::SubmittedJob submitted;
  exec::TaskStates states;

  /// Whether any of its tasks is not over; what is unknown is taken not to be.
  [[nodiscard]] bool is_alive() const;
  [[nodiscard]] bool is_known() const { return !states.contains(std::string(exec::unknown_state)); }
};

/// The jobs of an experiment that `submit` has submitted, the latest 1,000 of them. Slurm is asked
/// once, for no longer than `patience`, where there are any.
[[nodiscard]] std::vector<JobFacts> submitted_jobs(const std::filesystem::path& exp_folder,
                                                   std::chrono::milliseconds patience);

/// A job's states for people: `RUNNING`, or `2 RUNNING, 1 PENDING` of an array.
[[nodiscard]] std::string states_text(const exec::TaskStates& states);

/// The list of {job, cluster, submitted, script, tasks, states}.
[[nodiscard]] Value::List jobs_document(const std::vector<JobFacts>& jobs);

/// The same for people: those that are not over, and the last of the others.
[[nodiscard]] std::string jobs_text(const std::vector<JobFacts>& jobs);

}  // namespace malet::cli
