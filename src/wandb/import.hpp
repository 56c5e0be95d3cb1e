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
  std::vector<std::string> metrics;  ///< those that are wanted; none: all
  std::filesystem::path logs_file;
};

struct ImportProgress {
  std::size_t runs = 0;   ///< that came whole
  std::size_t total = 0;  ///< that are known of by now
};

using ImportView = std::function<void(const ImportProgress&)>;

/// The runs of sweeps as a log, see ExperimentLog::from_wandb_sweep.
[[nodiscard]] ExperimentLog import_sweeps(Api& api, const ImportOptions& options,
                                          const ImportView& view = {});
/// The same from the server that the environment names.
[[nodiscard]] ExperimentLog import_sweeps(const ImportOptions& options,
                                          const ImportView& view = {});

}  // namespace malet::wandb
