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

/// What one slot's runner needs beside what all have.
struct RunnerPlace {
  exec::Variables variables;     ///< of its environment
  std::filesystem::path folder;  ///< where it may write
};

/// Makes the runner that a host description asks for.
[[nodiscard]] std::unique_ptr<exec::Runner> make_runner(const ExperimentHost& host,
                                                        const exec::ExperimentFacts& facts,
                                                        const ConfigIter& configs,
                                                        const exec::SlotOutput& output,
                                                        const RunnerPlace& place);

/// Checks what can be known before anything runs: the command's form and fields, the Python file,
/// the function's name. Throws Error(bad_input).
void check_host(const ExperimentHost& host, const ConfigIter& configs);

/// Whether the program that is started is the same for all configs.
[[nodiscard]] bool has_fixed_program(const ExperimentHost& host);

}  // namespace malet::sweep
