#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "cli/options/option.hpp"
#include "cli/screen/duration.hpp"
#include "malet/options.hpp"

namespace malet::cli {

/// What a Slurm job gets, by the flags that plan and submit share.
struct JobShape {
  int nodes = 1;
  int gpus_per_node = 0;
  std::optional<int> tasks_per_node;  ///< nothing: one per GPU, or one
  std::optional<Seconds> time;        ///< the walltime

  [[nodiscard]] int tasks() const { return tasks_per_node.value_or(std::max(gpus_per_node, 1)); }
};

/// --nodes, --gpus-per-node, --ntasks-per-node and --time.
[[nodiscard]] std::vector<Option> shape_options(JobShape& shape);

/// Throws Error(bad_input) where no job of that shape could run: a run wants more GPUs than a node
/// has, or a node has more ranks than its GPUs can serve.
void check_shape(const JobShape& shape, const ExperimentOptions& options);

}  // namespace malet::cli
