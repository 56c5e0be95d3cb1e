#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "exec/slurm/slurm_jobs.hpp"

namespace malet::sweep {

/// A Slurm job of `submit`: a line of EXP/submit/jobs.jsonl.
struct SubmittedJob {
  exec::SlurmJob job;
  std::string submitted;  ///< when, as log.tsv writes times
  std::string script;     ///< its name in EXP/submit
};

/// The Slurm jobs of an experiment folder in the order of their submission; none if the file cannot
/// be read. Skips lines that name no job.
[[nodiscard]] std::vector<SubmittedJob> read_submitted_jobs(
    const std::filesystem::path& exp_folder);

/// Adds a Slurm job. Throws Error(internal) that names job and file when it cannot be written.
void add_submitted_job(const std::filesystem::path& exp_folder, const SubmittedJob& job);

/// A new batch script in EXP/submit. The destructor removes it, and a folder made for it, unless
/// keep() was called.
class NewScript {
 public:
  /// Takes the first number that is free. Throws Error(bad_input) with path and reason when nothing
  /// can be written there.
  explicit NewScript(const std::filesystem::path& exp_folder);
  NewScript(const NewScript&) = delete;
  NewScript& operator=(const NewScript&) = delete;
  ~NewScript();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Throws as the constructor.
  void write(const std::string& text) const;
  void keep() { is_kept_ = true; }

 private:
  std::filesystem::path path_;
  bool made_folder_ = false;
  bool is_kept_ = false;
};

/// The path that a NewScript would have now.
[[nodiscard]] std::filesystem::path next_script(const std::filesystem::path& exp_folder);

}  // namespace malet::sweep
