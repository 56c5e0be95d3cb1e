#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "exec/slurm/slurm_jobs.hpp"

namespace malet::sweep {

/// A job that `submit` gave to Slurm: a line of EXP/submit/jobs.jsonl.
struct SubmittedJob {
  exec::SlurmJob job;
  std::string submitted;  ///< when, as log.tsv writes times
  std::string script;     ///< its name in EXP/submit
};

/// The jobs of an experiment folder in the order in which they were submitted; none where there
/// were none, and of a file that cannot be read. Lines that tell of no job are passed over.
[[nodiscard]] std::vector<SubmittedJob> read_submitted_jobs(
    const std::filesystem::path& exp_folder);

/// Adds one. Throws Error(internal) that names job and file when that cannot be written.
void add_submitted_job(const std::filesystem::path& exp_folder, const SubmittedJob& job);

/// A batch script in EXP/submit that goes again, with the folder if it was made for it, unless it
/// is kept.
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

/// What a NewScript made now would be called.
[[nodiscard]] std::filesystem::path next_script(const std::filesystem::path& exp_folder);

}  // namespace malet::sweep
