#pragma once

#include <optional>
#include <string>

#include "cli/options/option.hpp"
#include "exec/slurm/allocation.hpp"
#include "malet/options.hpp"

namespace malet::cli {

/// Gives the options of a job that is a task of a Slurm array the splits that the array makes: as
/// many as it has tasks, this one's by its place in it. What the command line or malet.yaml says
/// of --total-splits and --curr-split wins; where it says one, the other follows. The number of
/// splits must then be that of the folder (SplitOptions::same). `--total-splits 1`
/// leaves the array alone, and so does `--queue`.
///
/// Gives a line for people where the job is one split of several by that. Throws Error(bad_input)
/// that says what to pass for an array whose tasks are no splits: one that is not whole, or has
/// another number of tasks than --total-splits says.
[[nodiscard]] std::optional<std::string> take_array_splits(const Given& given,
                                                           const exec::ArrayTask& task,
                                                           ExperimentOptions& options);

}  // namespace malet::cli
