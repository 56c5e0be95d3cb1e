#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "malet/config_iter.hpp"
#include "sweep/message.hpp"

namespace malet::sweep {

/// Where a slot is; the same for all its attempts.
struct SlotFacts {
  std::string node;
  int rank = 0;
  std::size_t slot = 0;
  std::string gpus;  ///< ids, separated by commas
};

/// Appends to LOG.attempts.jsonl: one line per run that had a process of its own, whatever came of
/// it (docs/log_format.md).
class AttemptLog {
 public:
  /// \param logs the job's logs; config i is in log i % N, and so are its attempts.
  AttemptLog(std::vector<std::filesystem::path> logs, ConfigIter configs,
             std::vector<SlotFacts> slots);

  /// Takes the end of a run, whose `attempt` must be there.
  void add(std::size_t worker, const RunRecord& record);
  /// Writes what was taken. What cannot be written is tried again with the next call.
  void flush();

 private:
  std::vector<std::filesystem::path> files_;
  std::vector<std::string> unwritten_;  // per file
  ConfigIter configs_;
  std::vector<SlotFacts> slots_;
};

/// The run_id of a line of an attempts file, without reading the rest of it; empty for a line that
/// is none of ours.
[[nodiscard]] std::string_view attempt_run_id(std::string_view line);

/// How many attempts of each config logs' attempt files tell of, by run_id.
[[nodiscard]] std::unordered_map<std::string, std::uint64_t> count_attempts(
    const std::vector<std::filesystem::path>& logs);

}  // namespace malet::sweep
