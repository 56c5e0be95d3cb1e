#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text/time_text.hpp"

namespace malet::sweep {

struct Folder;

/// The run_id of a line of an attempts file, without parsing the rest; empty for any other line.
[[nodiscard]] std::string_view attempt_run_id(std::string_view line);

/// When the attempt of such a line ended, since the epoch; 0 where it does not say.
[[nodiscard]] base::Micros attempt_finished(std::string_view line);

/// What attempt files tell of a config.
struct AttemptHistory {
  std::uint64_t count = 0;    ///< number of the last known attempt
  std::uint64_t lines = 0;    ///< how many attempts were read
  bool interrupted = false;   ///< the last attempt ended because its job did
  bool is_lost = false;       ///< the last one was in progress when its job was killed
  std::string finished = {};  ///< when the last one ended, as texts that sort by time
};

/// By run_id.
using AttemptHistories = std::unordered_map<std::string, AttemptHistory>;

/// Reads the attempt files of logs for these runs alone: there may be millions of others.
[[nodiscard]] AttemptHistories read_attempts(const std::vector<std::filesystem::path>& logs,
                                             AttemptHistories runs);

/// Why a config failed, as far as the folder's attempt files tell.
struct FailedConfig {
  std::uint64_t index = 0;
  std::string run_id;
  std::string reason;  ///< a name of EndReason; empty where no attempt is on record
  std::string error;   ///< one line
  std::uint64_t attempts = 0;
  std::string node;  ///< where the last one was
};

/// The failed configs of a folder in grid order, each with its last attempt. Skips lines of attempt
/// files that cannot be read.
[[nodiscard]] std::vector<FailedConfig> failed_configs(const Folder& folder);

}  // namespace malet::sweep
