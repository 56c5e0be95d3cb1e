#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "exec/host/host_message.hpp"
#include "exec/process/environment.hpp"
#include "exec/runner/runner.hpp"
#include "exec/runner/slot_output.hpp"
#include "malet/config_iter.hpp"
#include "malet/options.hpp"

namespace malet::sweep {

/// What a runner gets that differs between slots.
struct RunnerPlace {
  exec::Variables variables;     ///< added to the environment
  std::filesystem::path folder;  ///< for its files
};

/// Makes the runner for an experiment's host.
[[nodiscard]] std::unique_ptr<exec::Runner> make_runner(const ExperimentHost& host,
                                                        const exec::ExperimentFacts& facts,
                                                        const ConfigIter& configs,
                                                        const exec::SlotOutput& output,
                                                        const RunnerPlace& place);

/// Checks the host before anything runs: the command's form and fields, the Python file, the
/// function's name. Throws Error(bad_input).
void check_host(const ExperimentHost& host, const ConfigIter& configs);

/// Whether all configs start the same program.
[[nodiscard]] bool has_fixed_program(const ExperimentHost& host);

}  // namespace malet::sweep
