#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/claims/writer_lock.hpp"
#include "malet/experiment.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/scope.hpp"

namespace malet::sweep {

struct JobResult {
  RunReport report;
  std::optional<ExperimentLog> log;  ///< the (first) log as written; where the folder is open
};

/// One call of Experiment::run.
struct Job {
  const ExpFunction& function;  ///< what runs inside the rank, unless there is a host
  const ExperimentHost* host;   ///< where runs have processes of their own; else null
  const ExperimentOptions& options;
  std::chrono::steady_clock::time_point started;  ///< what the timeout counts from
  std::filesystem::path path;
  const Folder* folder;  ///< null on ranks that do not open it
  const Scope* scope;    ///< null as folder
  /// Takes the right to write and brings `folder` and `scope` up to date; null where there is
  /// nothing to write. Called where `folder` is there, once MPI has started: who cannot find the
  /// other ranks changes nothing.
  std::function<std::unique_ptr<base::WriterLock>()> begin_writing;
  const base::WriterLock* lock = nullptr;  ///< what that gave
  /// Called on rank 0 when the job's logs are written and the right to is given up, before anybody
  /// is told.
  std::function<void(JobResult&)> conclude = {};
};

/// An empty log with the columns that every log has.
[[nodiscard]] ExperimentLog new_log(const ConfigIter& configs, const ExperimentOptions& options,
                                    const std::filesystem::path& path);

/// Runs a job over the launcher's ranks, or on this machine alone.
[[nodiscard]] JobResult run_job(const Job& job);

/// How map_gpus() writes the map.
enum class GpuMapForm {
  table,  ///< for people
  json,   ///< one document: see docs/hosts.md
};

/// Which slot of which rank gets which device: what run() would use. Under a launcher every rank
/// must call it, in place of run(); the text is rank 0's alone.
[[nodiscard]] std::string map_gpus(const ExperimentOptions& options, GpuMapForm form);

/// For a rank that cannot take part, because its Experiment or function could not be made: takes
/// run()'s place, so that the other ranks learn of it. Rank 0 ends the job with that error, which
/// it throws; the other ranks get its exit code. Without a launcher it just throws.
/// \param on_error as ExperimentOptions::on_error; may be empty.
[[nodiscard]] RunReport decline_job(const Error& reason,
                                    const std::function<void(const Error&)>& on_error);

}  // namespace malet::sweep
