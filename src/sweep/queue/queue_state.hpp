#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Who shares an experiment, and how far they are: what EXP/claims and the writer files say.
struct QueueState {
  struct Job {
    std::string name;
    bool is_alive = false;
    std::string host;        ///< empty where nobody says any more
    std::string started;     ///< as base::Writer has it; empty as host
    std::uint64_t held = 0;  ///< chunks
    std::uint64_t done = 0;  ///< chunks
  };
  std::vector<Job> jobs;  ///< by name

  // Of the chunks that the configs are cut into:
  std::uint64_t chunks = 0;
  std::uint64_t held = 0;  ///< by jobs that live
  std::uint64_t done = 0;  ///< all of their configs were run
  [[nodiscard]] std::uint64_t free() const { return chunks - held - done; }
};

/// Nothing where no jobs share the folder, or have shared it since its logs were made one.
[[nodiscard]] std::optional<QueueState> queue_state(const Folder& folder);

}  // namespace malet::sweep
