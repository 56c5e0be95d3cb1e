#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace malet::exec {

/// An array of jobs, with the indices 0 to tasks - 1.
struct BatchArray {
  std::uint64_t tasks = 1;
  std::uint64_t at_a_time = 0;  ///< how many of them may run at a time; 0: all
};

/// A job that Slurm is to run.
struct BatchJob {
  std::string name;
  std::string folder;  ///< where it runs
  std::string output;  ///< the file that it writes to; what Slurm replaces in it is in place
  int nodes = 1;
  int tasks_per_node = 1;
  int gpus_per_node = 0;
  std::optional<std::chrono::seconds> time;  ///< its walltime
  std::optional<BatchArray> array;
  std::string partition;             ///< empty: Slurm's default
  std::string account;               ///< the same
  std::vector<std::string> options;  ///< further words for sbatch, which win over all of this
  std::vector<std::string> srun;     ///< words for srun
  std::vector<std::string> command;  ///< what every task runs
  /// Tells by its exit code how far the work is, after the command; none: the command does.
  std::vector<std::string> state;
};

/// A text as part of a file name for sbatch, which replaces %j and the like in it.
[[nodiscard]] std::string batch_file_name(const std::string& text);

/// The job as a script for sbatch. Whatever names hold stays inside of quotes.
///
/// Its tasks are told by USR1 a minute before the end of a walltime of half an hour or more. Throws
/// Error(bad_input) for what no such script can say: a line break in an option of sbatch.
[[nodiscard]] std::string batch_script(const BatchJob& job);

}  // namespace malet::exec
