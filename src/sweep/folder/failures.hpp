#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Why a config failed, as far as the folder's attempt files tell.
struct FailedConfig {
  std::uint64_t index = 0;
  std::string run_id;
  std::string reason;  ///< a name of EndReason; empty where no attempt is on record
  std::string error;   ///< one line
  std::uint64_t attempts = 0;
  std::string node;  ///< where the last one was
};

/// The configs of a folder that have failed, in grid order, each with its last attempt. Lines of
/// attempt files that cannot be read are passed over.
[[nodiscard]] std::vector<FailedConfig> failed_configs(const Folder& folder);

}  // namespace malet::sweep
