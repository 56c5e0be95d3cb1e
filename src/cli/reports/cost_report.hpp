#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options/job_shape.hpp"
#include "malet/config_iter.hpp"
#include "malet/options.hpp"
#include "malet/value.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/forecast/remaining_cost.hpp"

namespace malet::cli {

/// What is to be told of the cost of what is left to run.
struct CostFacts {
  std::optional<std::uint64_t> runs;         ///< nothing: not known
  std::optional<sweep::RemainingCost> cost;  ///< nothing: no run tells how long they last
  double gpus_per_run = 1;                   ///< less than 1 where runs share a GPU
};

/// The cost of what is left in a folder.
/// \param configs those of the folder, or some of them.
/// \param runs how many distinct ones of these are not complete.
/// \param options say how many GPUs a run has: 1 by default, as if there were GPUs.
[[nodiscard]] CostFacts cost_of(const sweep::Folder& folder, const ConfigIter& configs,
                                std::optional<std::uint64_t> runs,
                                const ExperimentOptions& options);

/// A job that is to do it.
struct JobPlan {
  JobShape shape;
  double slots = 1;         ///< runs at a time
  double seconds = 0;       ///< for so long: the walltime, less what its end takes
  bool checkpoint = false;  ///< runs go on from checkpoints
};

/// Nothing where no walltime is given.
[[nodiscard]] std::optional<JobPlan> plan_job(const JobShape& shape,
                                              const ExperimentOptions& options);

/// The document {runs, gpus_per_run, run_hours, gpu_hours, jobs}; each of the last three is null
/// where it is not known, else {mean, low, high}. `jobs` are those of a plan, with
/// needs_checkpoints: whether a run may outlast its job.
[[nodiscard]] Value::Map cost_document(const CostFacts& facts, const std::optional<JobPlan>& plan);

/// The same for people, in one or several lines; empty where nothing is left to run.
[[nodiscard]] std::string cost_text(const CostFacts& facts, const std::optional<JobPlan>& plan);

}  // namespace malet::cli
