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
  std::optional<ExperimentLog> log;  ///< the (first) log as written, on rank 0 alone
};

/// What one `malet-mpi run` works on. Ranks other than 0 do not open the folder: `folder` and
/// `scope` are empty there.
struct Job {
  std::filesystem::path path;
  ExpFunction function;                ///< runs inside the rank, unless there is a host
  std::optional<ExperimentHost> host;  ///< runs have processes of their own
  ExperimentOptions options;
  /// What the timeout counts from.
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  std::optional<Folder> folder;
  std::optional<Scope> scope;
  ExperimentLog log;                       ///< this job's log as it was read, or a new one
  std::unique_ptr<base::WriterLock> lock;  ///< the right to write; null until it is taken

  /// Reads the folder. Throws Error(bad_input) as open_folder and make_scope, and for options that
  /// do not fit the folder.
  /// \param self this job as a writer, whose own rows with status R then count as failed.
  void open(const base::Writer* self = nullptr);
  /// Takes the right to write, reads the folder again if it has changed, and takes over what killed
  /// jobs left. Does nothing where nothing is to be done. Called after MPI has started: a job that
  /// cannot find its other ranks changes nothing.
  void begin_writing();
  /// Takes the right to write for updates without run(), and brings `log` up to date.
  void hold_for_updates();
  /// Takes note of a change that this job made to its log.
  void note_update();
  /// Gives up the right to write. The last of several queue jobs then merges all logs.
  void end_writing(JobResult& result);

 private:
  [[nodiscard]] bool has_changed() const;
  [[nodiscard]] bool has_nothing_to_do() const;

  FileStamps stamps_;  // of the files that `folder` was read from
};

/// An empty log with the columns that every log has.
[[nodiscard]] ExperimentLog new_log(const ConfigIter& configs, const ExperimentOptions& options,
                                    const std::filesystem::path& path);

/// Runs a job over the launcher's ranks, or on this machine alone.
[[nodiscard]] JobResult run_job(Job& job);

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
