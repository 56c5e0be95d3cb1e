#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "base/claims/writer_lock.hpp"
#include "malet/error.hpp"
#include "malet/options.hpp"
#include "sweep/folder/scope.hpp"

namespace malet::sweep {

/// Does something again and again while it throws Error(refused), as somebody else is at it. Throws
/// that error once `patience` is over.
template <typename Act>
auto while_refused(std::chrono::milliseconds patience, const Act& act) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    try {
      return act();
    } catch (const Error& error) {
      const bool is_late = std::chrono::steady_clock::now() >= until;
      if (error.kind() != ErrorKind::refused || is_late) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

/// Whether a job other than `self` is writing a log. Its writer file stands beside the log, or
/// beside log.tsv if it writes all logs of the folder.
[[nodiscard]] bool is_written(const std::filesystem::path& exp_folder,
                              const std::filesystem::path& log, const base::Writer* self);

/// Whether the writer file of a killed job still claims a log or the folder.
[[nodiscard]] bool has_dead_writer(const std::filesystem::path& exp_folder,
                                   const std::filesystem::path& log);

/// Takes the right to write the logs of a job: its split's, or all of the folder's. Throws
/// Error(refused) that names the holder when another job writes them, or others with which this job
/// does not agree, and when Python Malet is at work; Error(bad_input) when the folder cannot be
/// written.
[[nodiscard]] std::unique_ptr<base::WriterLock> lock_logs(const std::filesystem::path& exp_folder,
                                                          const Scope& scope,
                                                          const ExperimentOptions& options);

/// The same for all logs of the folder, whoever ran them.
[[nodiscard]] std::unique_ptr<base::WriterLock> lock_folder(
    const std::filesystem::path& exp_folder);

/// The same for a command that changes an experiment's logs: first sees that there is an
/// experiment, and finishes a resplit that was cut off. Throws as lock_folder and finish_resplit.
/// \param check what else must be true before the folder is locked.
[[nodiscard]] std::unique_ptr<base::WriterLock> take_folder(
    const std::filesystem::path& exp_folder, const std::function<void()>& check = {});

}  // namespace malet::sweep
