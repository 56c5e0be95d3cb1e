#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace malet::exec {

/// A Slurm job array with the indices 0 to tasks - 1.
struct BatchArray {
  std::uint64_t tasks = 1;
  std::uint64_t at_a_time = 0;  ///< how many may run at a time; 0: all
};

/// A Slurm job to submit.
struct BatchJob {
  std::string name;
  std::string folder;  ///< its working directory
  std::string output;  ///< file for its output; may hold %j and the like, which Slurm replaces
  int nodes = 1;
  int tasks_per_node = 1;
  int gpus_per_node = 0;
  std::optional<std::chrono::seconds> time;  ///< its walltime
  std::optional<BatchArray> array;
  std::string partition;             ///< empty: Slurm's default
  std::string account;               ///< empty: Slurm's default
  std::vector<std::string> options;  ///< further words for sbatch, which override the others
  std::vector<std::string> srun;     ///< words for srun
  std::vector<std::string> command;  ///< what every task runs
  /// A command whose exit code says how far the work is; run last. Empty: the exit code is that of
  /// `command`.
  std::vector<std::string> state;
};

/// Escapes a text for use in a file name of sbatch, which replaces %j and the like.
[[nodiscard]] std::string batch_file_name(const std::string& text);

/// The batch script of a Slurm job. All words are quoted as the shell needs it.
///
/// With a walltime of half an hour or more, its tasks get USR1 a minute before the end. Throws
/// Error(bad_input) for a line break in an option of sbatch, which no script can hold.
[[nodiscard]] std::string batch_script(const BatchJob& job);

}  // namespace malet::exec
