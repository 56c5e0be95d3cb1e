#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "malet/experiment_log.hpp"
#include "wandb/run.hpp"

namespace malet::wandb {

/// The log of runs: one row for each, in their order, even when several have the same config.
/// \param swept the names of the parameters that their sweeps vary
/// \param picked the wanted metrics, see is_wanted
/// Throws Error(bad_input) for a picked metric that no run has, and for names that no column can
/// have.
[[nodiscard]] ExperimentLog run_log(const std::vector<Run>& runs,
                                    const std::vector<std::string>& swept,
                                    const std::vector<std::string>& picked,
                                    std::filesystem::path logs_file);

}  // namespace malet::wandb
