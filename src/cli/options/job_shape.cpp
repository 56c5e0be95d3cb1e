#include "cli/options/job_shape.hpp"

#include <fmt/format.h>

#include <string>

#include "base/text/reject.hpp"
#include "cli/options/forms.hpp"
#include "malet/error.hpp"

namespace malet::cli {

namespace {

/// Slurm takes a plain number for minutes, all durations here are seconds then: neither is taken.
bool is_plain_number(const std::string& text) {
  return text.find_first_not_of("0123456789.") == std::string::npos;
}

void read_time(const std::string& text, std::optional<Seconds>& time) {
  const auto duration = parse_duration(text);
  if (!duration || duration->count() <= 0 || is_plain_number(text)) {
    reject("'{}' is no walltime; write 90m, 4:00:00 or 2-12:00:00", text);
  }
  time = *duration;
}

}  // namespace

std::vector<Option> shape_options(JobShape& shape) {
  const auto read = [&shape](const std::string& text) { read_time(text, shape.time); };
  return {{"--nodes", groups::slurm, "Nodes of a job", number(shape.nodes, 1, 1'000'000), "1"},
          {"--gpus-per-node", groups::slurm, "GPUs on each node",
           number(shape.gpus_per_node, 0, 1024), "none"},
          {"--ntasks-per-node", groups::slurm, "Ranks on each node",
           number(shape.tasks_per_node, 1, 100'000), "one per GPU, or one"},
          {"--time", groups::slurm, "Walltime of a job", parsed("DUR", read), "", "4:00:00"}};
}

void check_shape(const JobShape& shape, const ExperimentOptions& options) {
  const int gpus_per_run = options.devices.gpus_per_run.value_or(1);
  if (shape.gpus_per_node == 0 || gpus_per_run == 0) return;
  if (gpus_per_run > shape.gpus_per_node) {
    reject(
        "--gpus-per-run {}: a node of the job has {} (--gpus-per-node), and a "
        "run is on one node: change one of them",
        gpus_per_run, shape.gpus_per_node);
  }
  // On the node of rank 0 one rank may only coordinate, and all nodes have as many ranks.
  const int places = shape.gpus_per_node / gpus_per_run * options.devices.runs_per_gpu;
  const int workers = shape.tasks() - (shape.nodes == 1 ? 1 : 0);
  const int most = std::max(places / options.devices.slots.value_or(1), 1);
  if (workers <= most || !shape.tasks_per_node) return;
  reject(
      "--ntasks-per-node {}: {} GPUs on a node serve {} ranks: give at most {}, "
      "or share GPUs by --runs-per-gpu",
      shape.tasks(), shape.gpus_per_node, most, most + (shape.nodes == 1 ? 1 : 0));
}

}  // namespace malet::cli
