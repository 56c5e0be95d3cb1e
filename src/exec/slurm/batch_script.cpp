#include "exec/slurm/batch_script.hpp"

#include <fmt/format.h>

#include "base/text/reject.hpp"
#include "base/text/shell_words.hpp"
#include "malet/error.hpp"

namespace malet::exec {

namespace {

// malet-mpi asks Slurm for the end of its time. The signal helps when Slurm does not answer. It may
// come up to a minute too early, which is too much for short Slurm jobs.
constexpr std::chrono::seconds long_enough(30 * 60);
constexpr const char* warning = "USR1@60";

// 2, 3 and 70 are exit codes of malet-mpi: bad usage or input, another writer, an internal error.
constexpr const char* ending = R"(left=$?

# What srun leaves with does not say how far the experiment is: the folder does. 0: all complete;
# 1: all was run, some configs failed; 75: there is something left to run.
case $left in
  2 | 3 | 70) exit "$left" ;;
esac
)";

std::string time_text(std::chrono::seconds time) {
  const auto seconds = time.count();
  const auto clock =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
  return seconds < 86400 ? clock : fmt::format("{}-{}", seconds / 86400, clock);
}

std::string array_text(const BatchArray& array) {
  const std::string limit = array.at_a_time == 0 ? "" : fmt::format("%{}", array.at_a_time);
  return fmt::format("0-{}{}", array.tasks - 1, limit);
}

/// A line of options; sbatch splits it like a shell, but it ends at the line break.
std::string directive(const std::vector<std::string>& words) {
  const std::string line = base::shell_line(words);
  if (line.find_first_of("\n\r") != std::string::npos) {
    reject("a batch script cannot hold a name with a line break: {}", line);
  }
  return "#SBATCH " + line + "\n";
}

std::string directives(const BatchJob& job) {
  const auto line = [](const char* option, const auto& value) {
    return directive({fmt::format("--{}={}", option, value)});
  };
  std::string text = line("job-name", job.name) + line("chdir", job.folder) +
                     line("output", job.output) + line("nodes", job.nodes) +
                     line("ntasks-per-node", job.tasks_per_node);
  if (job.gpus_per_node > 0) text += line("gres", fmt::format("gpu:{}", job.gpus_per_node));
  if (job.time) text += line("time", time_text(*job.time));
  if (job.time && *job.time >= long_enough) text += line("signal", warning);
  if (job.array) text += line("array", array_text(*job.array));
  if (!job.partition.empty()) text += line("partition", job.partition);
  if (!job.account.empty()) text += line("account", job.account);
  if (!job.options.empty()) text += directive(job.options);
  return text;
}

std::vector<std::string> launch(const BatchJob& job) {
  std::vector<std::string> words = {"srun"};
  words.insert(words.end(), job.srun.begin(), job.srun.end());
  words.insert(words.end(), job.command.begin(), job.command.end());
  return words;
}

}  // namespace

std::string batch_file_name(const std::string& text) {
  std::string name;
  for (const char c : text) name += c == '%' ? std::string("%%") : std::string(1, c);
  return name;
}

std::string batch_script(const BatchJob& job) {
  std::string text =
      "#!/bin/bash\n# Written by `malet-mpi submit`. Give it to sbatch again to go on.\n" +
      directives(job) + "\n" + base::shell_line(launch(job)) + "\n";
  if (!job.state.empty()) text += ending + base::shell_line(job.state) + "\n";
  return text;
}

}  // namespace malet::exec
