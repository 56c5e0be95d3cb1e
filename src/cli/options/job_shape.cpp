#include "cli/options/job_shape.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "base/text/reject.hpp"
#include "cli/options/options.hpp"
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
    throw CLI::ValidationError(
        "--time", fmt::format("'{}' is no walltime; write 90m, 4:00:00 or 2-12:00:00", text));
  }
  time = *duration;
}

}  // namespace

void add_shape_options(CLI::App& app, JobShape& shape) {
  add_number(app, "--nodes", shape.nodes, "Nodes of a job (default 1)", 1, 1'000'000);
  add_number(app, "--gpus-per-node", shape.gpus_per_node, "GPUs on each node (default none)", 0,
             1024);
  add_number(app, "--ntasks-per-node", shape.tasks_per_node,
             "Ranks on each node (default one per GPU, or one)", 1, 100'000);
  app.add_option_function<std::string>(
         "--time", [&shape](const std::string& text) { read_time(text, shape.time); },
         "Walltime of a job, as 90m, 4:00:00 or 2-12:00:00")
      ->type_name("DUR");
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
  throw Error(
      ErrorKind::bad_input,
      fmt::format("--ntasks-per-node {}: {} GPUs on a node serve {} ranks: give at most {}, "
                  "or share GPUs by --runs-per-gpu",
                  shape.tasks(), shape.gpus_per_node, most, most + (shape.nodes == 1 ? 1 : 0)));
}

}  // namespace malet::cli
