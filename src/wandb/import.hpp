#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "malet/experiment_log.hpp"
#include "malet/value.hpp"
#include "wandb/api.hpp"
#include "wandb/query.hpp"

namespace malet::wandb {

struct ImportOptions {
  Project project;
  std::vector<std::string> sweeps;
  bool all_steps = false;
  Value filter;                      ///< a map as W&B's API takes it, or null
  std::vector<std::string> metrics;  ///< the wanted ones; empty: all
  std::filesystem::path logs_file;
};

struct ImportProgress {
  std::size_t runs = 0;   ///< fetched completely
  std::size_t total = 0;  ///< known so far
};

using ImportView = std::function<void(const ImportProgress&)>;

/// The runs of sweeps as a log, see ExperimentLog::from_wandb_sweep.
[[nodiscard]] ExperimentLog import_sweeps(Api& api, const ImportOptions& options,
                                          const ImportView& view = {});
/// As above, from the server that the environment names.
[[nodiscard]] ExperimentLog import_sweeps(const ImportOptions& options,
                                          const ImportView& view = {});

}  // namespace malet::wandb
