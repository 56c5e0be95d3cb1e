#include "cli/plan_command.hpp"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "cli/folder_check.hpp"
#include "cli/folder_facts.hpp"
#include "cli/plan_report.hpp"

namespace malet::cli {

namespace {

constexpr std::uint64_t few = 20;
constexpr std::uint64_t few_in_json = 1000;

struct PlanOptions {
  std::string exp;
  bool json = false;
  bool all = false;
};

PlanFacts facts_of(const sweep::Folder& folder) {
  PlanFacts facts{experiment_name(folder.path), folder.configs, 0, 0, 0, {}};
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

ExitCode plan(const PlanOptions& options, Console& console) {
  require_experiment(options.exp);
  const sweep::Folder folder = sweep::open_folder(options.exp);
  const PlanFacts facts = facts_of(folder);
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
  app.footer(
      "The JSON document has experiment, total, duplicates (null beyond 10 million configs),\n"
      "pending (null where it is not known), grid_fields, static_configs and configs.\n\n"
      "Examples:\n  malet-mpi plan EXP\n  malet-mpi plan EXP --json --all");
  return {&app, [options](Console& console) { return plan(*options, console); }};
}

}  // namespace malet::cli
