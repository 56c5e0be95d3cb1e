#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/commands/subcommand.hpp"
#include "malet/experiment.hpp"

namespace malet::cli {

/// What the flags of `run` say.
struct RunOptions {
  std::string exp;
  ExperimentHost host;
  std::string isolation;  ///< process or none; empty for the default
  ExperimentOptions experiment;
  bool quiet = false;
  std::string log_level = "info";
};

/// Adds EXP and all flags of `run` to a command; `options` must live as long as the app.
void add_flags_of_run(CLI::App& app, RunOptions& options);
/// Adds `malet-mpi run` whose flags set `options`, which must live as long as the app.
CLI::App& add_run_options(CLI::App& program, RunOptions& options);

/// Gives a (parsed) command that has the flags of run what EXP/malet.yaml says. Throws as
/// read_options_file and apply_options.
void take_file_options(CLI::App& command, const std::string& exp);
/// What EXP/malet.yaml says by itself. Throws as take_file_options.
[[nodiscard]] RunOptions read_run_options(const std::string& exp);

/// The experiment that complete options stand for. Throws Error(bad_input) for what cannot be run.
[[nodiscard]] Experiment open_experiment(RunOptions& options);

/// `malet-mpi run EXP`: runs what is not complete.
[[nodiscard]] Subcommand add_run_command(CLI::App& program);

}  // namespace malet::cli
