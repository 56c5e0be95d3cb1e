#include "cli/options/submit_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string_view>

#include "base/text/text_parts.hpp"
#include "cli/options/options.hpp"

namespace malet::cli {

namespace {

constexpr const char* footer =
    "Writes a batch script, shows it with what there is to run, and gives it to sbatch after a "
    "yes.\n"
    "Options of run go along with it; malet.yaml is read by the job itself. What stands behind --\n"
    "is for sbatch, and wins. `malet-mpi status EXP` shows the jobs, `malet-mpi cancel EXP` ends\n"
    "them.\n\n"
    "Examples:\n"
    "  malet-mpi submit EXP --nodes 2 --gpus-per-node 4 --time 4:00:00 --python train.py:train\n"
    "  malet-mpi submit EXP --gpus-per-node 4 --time 4:00:00 --array 8%2 --yes\n"
    "  malet-mpi submit EXP --time 1:00:00 --chain 3 --dry-run -- --mem=16G --constraint=a100";

/// All of a text as a whole number from 1 on.
std::optional<std::uint64_t> count_in(std::string_view text) {
  const auto number = base::whole_number(text);
  return number == 0U ? std::nullopt : number;
}

/// N or N%M.
void read_array(const std::string& text, std::optional<exec::BatchArray>& array) {
  const std::size_t sign = std::min(text.find('%'), text.size());
  const auto tasks = count_in(std::string_view(text).substr(0, sign));
  const auto at_a_time = sign == text.size() ? std::optional<std::uint64_t>(0)
                                             : count_in(std::string_view(text).substr(sign + 1));
  if (!tasks || !at_a_time) {
    throw CLI::ValidationError(
        "--array",
        fmt::format("'{}' is neither a number of jobs nor N%M, M of them at a time", text));
  }
  array = {*tasks, *at_a_time};
}

void add_job_options(CLI::App& app, SubmitOptions& options) {
  add_shape_options(app, options.shape);
  app.add_option_function<std::string>(
         "--array", [&options](const std::string& text) { read_array(text, options.array); },
         "So many jobs of that shape, at most M at a time, each of which works on its split of the "
         "configs (with --queue: on whatever is left)")
      ->type_name("N[%M]");
  add_number(app, "--chain", options.chain,
             "So many jobs one after the other, however each ends (default 1)", 1, 1000);
  app.add_option("--partition", options.partition, "Slurm's partition")->type_name("NAME");
  app.add_option("--account", options.account, "Slurm's account")->type_name("NAME");
  app.add_option("--job-name", options.job_name, "The jobs' name (default: the experiment's)")
      ->type_name("NAME");
  app.add_flag("-y,--yes", options.yes, "Submit without asking");
  app.add_flag("--dry-run", options.dry_run, "Show everything, and neither write nor submit");
}

bool is_flag(const CLI::Option& option) {
  return option.get_items_expected_max() == 0;
}

}  // namespace

void add_submit_options(CLI::App& app, SubmitOptions& options) {
  add_flags_of_run(app, options.run);
  for (CLI::Option* option : app.get_options()) {
    if (option->get_positional() || option == app.get_help_ptr()) continue;
    option->group("Options of run");
    options.flags_of_run.push_back(option);
  }
  add_job_options(app, options);
  app.add_option("SBATCH", options.sbatch, "Options for sbatch, behind --")->type_name("...");
  app.footer(footer);
}

std::vector<std::string> run_arguments(const SubmitOptions& options) {
  std::vector<std::string> words;
  for (const CLI::Option* option : options.flags_of_run) {
    const std::string name = option->get_single_name();
    const std::string flag = (name.size() > 1 ? "--" : "-") + name;
    for (const std::string& value : option->results()) {
      // With the sign a value may begin with a dash, and be empty.
      words.push_back(is_flag(*option) && value == "true" ? flag : flag + "=" + value);
    }
  }
  return words;
}

}  // namespace malet::cli
