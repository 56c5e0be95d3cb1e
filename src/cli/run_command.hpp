#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/subcommand.hpp"
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

/// Adds `malet-mpi run` whose flags set `options`, which must live as long as the app.
CLI::App& add_run_options(CLI::App& program, RunOptions& options);

/// `malet-mpi run EXP`: runs what is not complete.
[[nodiscard]] Subcommand add_run_command(CLI::App& program);

}  // namespace malet::cli
