#pragma once

#include <string>
#include <vector>

#include "cli/options/option.hpp"
#include "cli/options/run_options.hpp"
#include "malet/experiment.hpp"

namespace malet::cli {

/// Runs what is not complete.
[[nodiscard]] Command run_command();
/// Shows the configs and what is left to run.
[[nodiscard]] Command plan_command();
/// Shows how far the experiment is.
[[nodiscard]] Command status_command();
/// Shows rows of logs.
[[nodiscard]] Command show_command();
/// Makes one log of many.
[[nodiscard]] Command merge_command();
/// Makes N new logs of all logs of a folder.
[[nodiscard]] Command resplit_command();
/// Marks rows of runs that nobody runs any more as failed.
[[nodiscard]] Command mark_failed_command();
/// Makes log.h5 of what jobs left in log.h5.d.
[[nodiscard]] Command compact_command();
/// Writes rows to a file.
[[nodiscard]] Command export_command();
/// Writes a log of runs that are at Weights & Biases.
[[nodiscard]] Command import_wandb_command();
/// Shows which slot gets which device.
[[nodiscard]] Command gpus_command();
/// Writes a batch script and gives it to Slurm.
[[nodiscard]] Command submit_command();
/// Ends the jobs that `submit` has submitted.
[[nodiscard]] Command cancel_command();

/// All of these, in the order of --help.
[[nodiscard]] std::vector<Command> all_commands();

/// The experiment that the options of run stand for, once malet.yaml is read. Throws
/// Error(bad_input) for what cannot be run.
[[nodiscard]] Experiment open_experiment(RunOptions& options);

/// Runs a whole command line, `arguments[0]` being the program's name, and says what went wrong.
/// Throws nothing.
[[nodiscard]] ExitCode run_command_line(const std::vector<std::string>& arguments,
                                        Console& console);

}  // namespace malet::cli
