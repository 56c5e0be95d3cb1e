#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text/time_text.hpp"

namespace malet::sweep {

/// The run_id of a line of an attempts file, without reading the rest of it; empty for a line that
/// is none of ours.
[[nodiscard]] std::string_view attempt_run_id(std::string_view line);

/// When the attempt of such a line ended, since the epoch; 0 where it does not say.
[[nodiscard]] base::Micros attempt_finished(std::string_view line);

/// What attempt files tell of a config.
struct AttemptHistory {
  std::uint64_t count = 0;    ///< of attempts, up to the last one that is known of
  std::uint64_t lines = 0;    ///< of those, the ones that were read
  bool interrupted = false;   ///< the last one ended because its job did
  bool is_lost = false;       ///< the last one was in progress when its job was killed
  std::string finished = {};  ///< when the last one ended, as texts that sort by time
};

/// By run_id.
using AttemptHistories = std::unordered_map<std::string, AttemptHistory>;

/// What logs' attempt files tell of these runs; nothing of others, of which there may be millions.
[[nodiscard]] AttemptHistories read_attempts(const std::vector<std::filesystem::path>& logs,
                                             AttemptHistories runs);

}  // namespace malet::sweep
