#include "cli/commands/plan_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "cli/commands/run_command.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/gpu_options.hpp"
#include "cli/reports/cost_report.hpp"
#include "cli/reports/folder_facts.hpp"
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
ExperimentOptions run_options(const CLI::App& app, const PlanOptions& plan) {
  ExperimentOptions options = read_run_options(plan.exp).experiment;
  if (app.count("--gpus-per-run") > 0)
    options.devices.gpus_per_run = plan.gpus.devices.gpus_per_run;
  if (app.count("--runs-per-gpu") > 0)
    options.devices.runs_per_gpu = plan.gpus.devices.runs_per_gpu;
  return options;
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

ExitCode plan(const CLI::App& app, const PlanOptions& options, Console& console) {
  require_experiment(options.exp);
  const sweep::Folder folder = sweep::open_folder(options.exp);
  const ExperimentOptions run = run_options(app, options);
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

Subcommand add_plan_command(CLI::App& program) {
  const auto options = std::make_shared<PlanOptions>();
  CLI::App& app = *program.add_subcommand("plan", "Show what would run");
  app.add_option("EXP", options->exp, "Experiment folder, with exp_config.yaml")
      ->required()
      ->type_name("FOLDER");
  app.add_flag("--json", options->json, "Write a JSON document");
  app.add_flag("--all", options->all,
               "List all configs, not only the first 20 (with --json: 1000)");
  add_shape_options(app, options->shape);
  add_gpu_options(app, options->gpus);
  app.footer(
      "The JSON document has experiment, total, duplicates (null beyond 10 million configs),\n"
      "pending (null where it is not known), remaining, grid_fields, static_configs and configs.\n"
      "With a walltime it also tells how many such jobs finish what is left.\n\n"
      "Examples:\n  malet-mpi plan EXP\n  malet-mpi plan EXP --json --all\n"
      "  malet-mpi plan EXP --nodes 2 --gpus-per-node 4 --time 4:00:00");
  return {&app, [&app, options](Console& console) { return plan(app, *options, console); }};
}

}  // namespace malet::cli
