#include "cli/reports/submit_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "cli/options/folder_check.hpp"
#include "exec/slurm/batch_script.hpp"
#include "malet/error.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

/// Options of sbatch that would change how many jobs there are behind our back.
bool is_array_option(const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  const bool is_abbreviated = name.size() > 3 && std::string_view("--array").starts_with(name);
  return is_abbreviated || (word.starts_with("-a") && !word.starts_with("--"));
}

void check_words(const std::vector<std::string>& words) {
  if (!words.empty() && !words.front().starts_with('-')) {
    reject("not expected: {}; options of sbatch stand behind --", words.front());
  }
  if (std::any_of(words.begin(), words.end(), is_array_option)) {
    reject("give --array to submit itself, as --array N, and not to sbatch");
  }
}

void check_size(const SubmitOptions& options, const exec::SlurmConfig& slurm) {
  constexpr auto any = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t tasks = options.array->tasks;
  if (const auto most = slurm.max_array_size.value_or(any); tasks > most) {
    reject(
        "--array {}: this Slurm takes arrays of {} jobs at most (MaxArraySize): "
        "give --array {}",
        tasks, most, most);
  }
  const auto chain = static_cast<std::uint64_t>(options.chain);
  const auto most = std::max<std::uint64_t>(slurm.max_job_count.value_or(any) / chain, 1);
  if (tasks > most) {
    reject(
        "--array {} with --chain {}: this Slurm knows {} jobs at most "
        "(MaxJobCount): give --array {}",
        tasks, chain, *slurm.max_job_count, most);
  }
}

/// An absolute path without an end that Slurm or a shell would trip over.
std::string whole_path(const fs::path& path) {
  fs::path whole = fs::absolute(path).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  return whole.string();
}

/// The file that jobs write to, as sbatch wants it named.
std::string output_name(const SubmitOptions& options, const fs::path& script) {
  const std::string folder = whole_path(script.parent_path());
  if (folder.find('\\') != std::string::npos) {
    reject("{}: Slurm writes no output to a path with a backslash: move the folder", folder);
  }
  const fs::path file = base::paths::batch_output(script, options.array ? "%A_%a" : "%j");
  return exec::batch_file_name(folder + "/") + file.filename().string();
}

}  // namespace

void check_submit(const SubmitOptions& options, const exec::SlurmConfig& slurm) {
  check_words(options.sbatch);
  if (options.array) check_size(options, slurm);
}

std::string submit_script(const SubmitOptions& options, const exec::SlurmConfig& slurm,
                          const std::string& program, const std::vector<std::string>& arguments,
                          const fs::path& script) {
  const std::string exp = whole_path(options.run.exp);
  const JobShape& shape = options.shape;
  exec::BatchJob job;
  job.name = options.job_name.empty() ? experiment_name(exp) : options.job_name;
  job.folder = fs::current_path().string();
  job.output = output_name(options, script);
  job.nodes = shape.nodes;
  job.tasks_per_node = shape.tasks();
  job.gpus_per_node = shape.gpus_per_node;
  if (shape.time) job.time = std::chrono::seconds(std::llround(std::ceil(shape.time->count())));
  job.array = options.array;
  job.partition = options.partition;
  job.account = options.account;
  job.options = options.sbatch;
  if (!slurm.starts_pmix) job.srun = {"--mpi=pmix"};
  job.command = {program, "run", exp};
  job.command.insert(job.command.end(), arguments.begin(), arguments.end());
  // The folder does not tell how far a single split is.
  if (!options.array) job.state = {program, "status", exp, "--exit-code"};
  return exec::batch_script(job);
}

}  // namespace malet::cli
