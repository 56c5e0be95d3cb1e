#pragma once

#include <filesystem>
#include <memory>

#include "base/claims/writer_lock.hpp"
#include "malet/options.hpp"
#include "sweep/folder/scope.hpp"

namespace malet::sweep {

/// Whether a job other than `self` is writing a log: it says so beside the log, or, writing logs of
/// the whole folder, beside log.tsv.
[[nodiscard]] bool is_written(const std::filesystem::path& exp_folder,
                              const std::filesystem::path& log, const base::Writer* self);

/// Whether a job that was killed still claims to write a log or the folder.
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

}  // namespace malet::sweep
