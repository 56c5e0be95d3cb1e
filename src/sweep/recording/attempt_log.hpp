#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "malet/config_iter.hpp"
#include "sweep/channel/message.hpp"

namespace malet::sweep {

/// Where a slot is; the same for all its attempts.
struct SlotFacts {
  std::string node;
  int rank = 0;
  std::size_t slot = 0;
  std::string gpus;  ///< ids, separated by commas
};

/// Appends to LOG.attempts.jsonl: one line per run that had a process of its own, whatever came of
/// it (docs/log_format.md), and per run that was interrupted, which a row cannot say.
class AttemptLog {
 public:
  /// \param logs the job's logs; config i is in log i % N, and so are its attempts.
  /// \param slots the places of the workers; empty where runs have no processes of their own.
  AttemptLog(std::vector<std::filesystem::path> logs, ConfigIter configs,
             std::vector<SlotFacts> slots);

  /// Takes the end of a run, whose `attempt` must be there. No worker: nobody knows which it was.
  void add(std::optional<std::size_t> worker, const RunRecord& record);
  /// Writes what was taken. What cannot be written is tried again with the next call.
  void flush();
  /// Why something could not be written; empty while it can.
  [[nodiscard]] const std::string& why() const { return why_; }

 private:
  std::vector<std::filesystem::path> files_;
  std::vector<std::string> unwritten_;  // per file
  std::string why_;
  ConfigIter configs_;
  std::vector<SlotFacts> slots_;
};

}  // namespace malet::sweep
