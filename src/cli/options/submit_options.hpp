#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/options/job_shape.hpp"
#include "cli/options/run_options.hpp"
#include "exec/slurm/batch_script.hpp"

namespace malet::cli {

/// What the options of `submit` say.
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
  std::vector<std::string> sbatch;  ///< further words for sbatch
};

/// The options of submit, those of run among them. `options` must live as long as the list.
[[nodiscard]] std::vector<Option> submit_options(SubmitOptions& options);

/// The options of run that were given, as words of a command line. To be asked before malet.yaml is
/// taken in, which the job reads itself.
[[nodiscard]] std::vector<std::string> run_arguments(const Given& given);

}  // namespace malet::cli
