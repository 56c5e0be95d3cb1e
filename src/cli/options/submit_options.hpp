#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/run_command.hpp"
#include "cli/options/job_shape.hpp"
#include "exec/slurm/batch_script.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace malet::cli {

/// What the flags of `submit` say.
struct SubmitOptions {
  RunOptions run;  ///< what each job does, with the experiment folder
  JobShape shape;
  std::optional<exec::BatchArray> array;
  int chain = 1;  ///< jobs, each after the end of the one before
  std::string partition;
  std::string account;
  std::string job_name;  ///< empty: the experiment's name
  bool yes = false;
  bool dry_run = false;
  std::vector<std::string> sbatch;               ///< further words for sbatch
  std::vector<const CLI::Option*> flags_of_run;  ///< as given on the command line
};

/// Adds the flags of submit, those of run among them; `options` must live as long as the app.
void add_submit_options(CLI::App& app, SubmitOptions& options);

/// The flags of run that the parsed command line gives, as words of a command line, with what they
/// say. To be asked before malet.yaml is taken in, which the job reads itself.
[[nodiscard]] std::vector<std::string> run_arguments(const SubmitOptions& options);

}  // namespace malet::cli
