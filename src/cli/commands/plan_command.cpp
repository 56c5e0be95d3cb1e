#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "cli/reports/cost_report.hpp"
#include "cli/reports/plan_report.hpp"

namespace malet::cli {

namespace {

constexpr std::uint64_t few = 20;
constexpr std::uint64_t few_in_json = 1000;

struct PlanOptions {
  std::string exp;
  bool json = false;
  bool all = false;
  JobShape shape;
  ExperimentOptions gpus;  ///< what flags say of GPUs
};

/// What decides the cost of a run: flags, else malet.yaml.
ExperimentOptions planned_options(const Given& given, const PlanOptions& plan) {
  ExperimentOptions options = read_run_options(plan.exp).experiment;
  const DeviceOptions& flags = plan.gpus.devices;
  if (given.has("--gpus-per-run")) options.devices.gpus_per_run = flags.gpus_per_run;
  if (given.has("--runs-per-gpu")) options.devices.runs_per_gpu = flags.runs_per_gpu;
  return options;
}

/// "complete", "failed", "running", empty for none.
std::string status_word(sweep::Status status) {
  switch (status) {
    case sweep::Status::complete:
      return "complete";
    case sweep::Status::failed:
      return "failed";
    case sweep::Status::running:
      return "running";
    case sweep::Status::none:
      break;
  }
  return {};
}

PlanFacts facts_of(const sweep::Folder& folder) {
  PlanFacts facts{experiment_name(folder.path), folder.configs, 0, 0, 0, {}, {}, {}};
  for (const sweep::ConfigRow& row : folder.rows) {
    facts.completed += row.status == sweep::Status::complete ? 1 : 0;
    facts.failed += row.status == sweep::Status::failed ? 1 : 0;
    facts.running += row.status == sweep::Status::running ? 1 : 0;
  }
  facts.status = [&folder](std::uint64_t index) {
    const auto* row = folder.find(folder.configs.first_index(index));
    return row == nullptr ? std::string() : status_word(row->status);
  };
  return facts;
}

ExitCode plan(const Given& given, const PlanOptions& options, Console& console) {
  require_experiment(options.exp);
  const sweep::Folder folder = sweep::open_folder(options.exp);
  const ExperimentOptions run = planned_options(given, options);
  check_shape(options.shape, run);
  PlanFacts facts = facts_of(folder);
  facts.cost = cost_of(folder, folder.configs, facts.pending(), run);
  facts.job = plan_job(options.shape, run);
  const std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t shown = options.all ? all : options.json ? few_in_json : few;
  const Sink sink = [&console](std::string_view text) { return console.out.write(text); };
  if (options.json) {
    write_plan_json(facts, shown, sink);
  } else {
    write_plan_text(facts, shown, console.out.width(), sink);
  }
  return ExitCode::complete;
}

}  // namespace

Command plan_command() {
  const auto options = std::make_shared<PlanOptions>();
  return {
      "plan",
      "Show what would run",
      joined({{folder_argument(options->exp),
               {"--json", groups::output, "Write a JSON document", flag(options->json)},
               {"--all", groups::output,
                "List all configs, not only the first 20 (with --json: 1000)", flag(options->all)}},
              shape_options(options->shape),
              gpu_options(options->gpus.devices)}),
      "The JSON document has experiment, total, duplicates (null beyond 10 million\n"
      "configs), pending (null where it is not known), remaining, grid_fields,\n"
      "static_configs and configs.\n"
      "With a walltime it also tells how many such jobs finish what is left.",
      {"malet-mpi plan EXP", "malet-mpi plan EXP --json --all",
       "malet-mpi plan EXP --nodes 2 --gpus-per-node 4 --time 4:00:00"},
      [options](Call& call, Console& console) { return plan(call.given, *options, console); }};
}

}  // namespace malet::cli
