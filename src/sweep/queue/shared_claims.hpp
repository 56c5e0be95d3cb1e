#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/claims/writer_file.hpp"
#include "malet/config_iter.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Makes EXP/claims ready for this queue job, which holds its own log, and writes down how the grid
/// is cut into chunks. Keeps old claims while another queue job lives, else removes them: the logs
/// then tell everything. Called before the logs are read.
///
/// Throws Error(refused) when living jobs share another grid, or one of them does not get ready;
/// Error(bad_input) when the folder cannot be written.
void share_claims(const std::filesystem::path& exp_folder, const ConfigIter& configs,
                  const base::Writer& self);

/// Removes EXP/claims, but no files of others. The caller is the only writer in the folder. Throws
/// Error(bad_input) when a file cannot be removed.
void remove_claims(const std::filesystem::path& exp_folder);

/// The queue jobs of an experiment and their chunks, by EXP/claims and the writer files.
struct QueueState {
  struct Job {
    std::string name;
    bool is_alive = false;
    std::string host;        ///< empty once its writer file is gone
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

/// Nothing if no queue job has run since the logs were merged.
[[nodiscard]] std::optional<QueueState> queue_state(const Folder& folder);

}  // namespace malet::sweep
