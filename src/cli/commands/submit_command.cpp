#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/text/reject.hpp"
#include "base/text/shell_words.hpp"
#include "base/text/time_text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/array_splits.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/submit_options.hpp"
#include "cli/reports/cost_report.hpp"
#include "cli/reports/plan_report.hpp"
#include "cli/reports/submit_job.hpp"
#include "cli/screen/confirm.hpp"
#include "exec/process/own_files.hpp"
#include "exec/process/signals.hpp"
#include "exec/slurm/slurm_jobs.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/scope.hpp"
#include "sweep/folder/submitted_jobs.hpp"
#include "sweep/job/job_setup.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds config_patience(10);

/// An array makes splits of its own.
void refuse_other_splits(const Given& given, const ExperimentOptions& run, std::uint64_t tasks) {
  const bool differs = given.has("--total-splits") && run.splits.total != std::to_string(tasks);
  if (!differs && !given.has("--curr-split")) return;
  reject(
      "--array {0} makes {0} splits by itself: leave --total-splits and --curr-split "
      "out, in malet.yaml, too",
      tasks);
}

/// Sees that run would take what each job gets, so that jobs do not wait in vain for hours.
void check_run(Given& given, SubmitOptions& options) {
  take_file_options(options.run, given);
  ExperimentOptions& run = options.run.experiment;
  check_shape(options.shape, run);
  if (options.array) {
    const std::uint64_t tasks = options.array->tasks;
    refuse_other_splits(given, options.run.experiment, tasks);
    const exec::ArrayTask first{"", 0, 0, tasks - 1, 1, tasks};
    (void)take_array_splits(given, first, run);
  }
  (void)open_experiment(options.run);
}

std::string how_often(const SubmitOptions& options) {
  const auto tasks = options.array ? options.array->tasks : 0;
  const std::string array = tasks == 0 ? "" : fmt::format(", an array of {}", tasks);
  const std::string chain =
      options.chain == 1
          ? ""
          : fmt::format(", {} times, each after the end of the one before", options.chain);
  return array + chain;
}

/// What is done with the script, for people.
std::string command_text(const SubmitOptions& options, const fs::path& script) {
  return base::shell_line(exec::sbatch_command(script.string(), "")) + how_often(options) + "\n";
}

/// What there is to do.
struct SubmittedWork {
  std::string experiment;
  Counts counts;
  CostFacts cost;
};

SubmittedWork find_work(const SubmitOptions& options) {
  const sweep::Folder folder =
      sweep::open_folder(options.run.exp, nullptr, record::SeriesUse::none);
  ExperimentOptions all = options.run.experiment;
  if (options.array) {  // its splits are everything
    all.splits.total = "1";
    all.splits.current = "0";
  }
  const sweep::Scope scope = sweep::make_scope(folder.configs, all);
  const Counts counts = sweep::make_setup(folder, scope, all.pace.rerun_failed).counts;
  return {experiment_name(folder.path), counts,
          cost_of(folder, scope.configs, counts.pending, all)};
}

/// The same for people.
std::string work_text(const SubmittedWork& work, const SubmitOptions& options) {
  return fmt::format("{}: {}, {} to run\n", work.experiment, config_count(work.counts.total),
                     work.counts.pending) +
         cost_text(work.cost, plan_job(options.shape, options.run.experiment));
}

/// Submits the chain; keeps the script from the first job on that is.
ExitCode submit_chain(const SubmitOptions& options, sweep::NewScript& script, Console& console) {
  std::string after;
  for (int place = 0; place < options.chain && exec::SignalWatch::count() == 0; ++place) {
    exec::SlurmJob job;
    try {
      job = exec::submit_batch(script.path().string(), after);
    } catch (const Error& error) {
      if (after.empty()) throw;
      reject("{}; those before it stay, `malet-mpi cancel` ends them", error.what());
    }
    script.keep();
    job.tasks = options.array ? options.array->tasks : 1;
    after = job.number;
    sweep::add_submitted_job(options.run.exp, {job, base::datetime_text(base::now()),
                                               script.path().filename().string()});
    console.out.write(fmt::format("job {}\n", job.number));
  }
  if (exec::SignalWatch::count() == 0) return ExitCode::complete;
  console.out.write("interrupted: no further job was submitted\n");
  return ExitCode::stopped;
}

ExitCode submit(Given& given, SubmitOptions& options, Console& console) {
  require_experiment(options.run.exp);
  if (!options.dry_run) {
    exec::require_sbatch();
    require_answer(console, options.yes);
  }
  const auto arguments = run_arguments(given);
  const exec::SlurmConfig slurm = exec::slurm_config(config_patience);
  check_submit(options, slurm);
  check_run(given, options);
  const auto text = [&](const fs::path& script) {
    return submit_script(options, slurm, exec::own_executable(), arguments, script);
  };
  const fs::path next = sweep::next_script(fs::absolute(options.run.exp));
  const SubmittedWork work = find_work(options);
  console.out.write(text(next) + "\n" + work_text(work, options) + command_text(options, next));
  if (options.dry_run) return ExitCode::complete;
  if (work.counts.pending == 0) {
    console.out.write("nothing to submit: nothing is left to run\n");
    return ExitCode::complete;
  }
  if (!confirmed(console, "submit?", options.yes)) {
    console.out.write("nothing was submitted\n");
    return ExitCode::complete;
  }
  const exec::SignalWatch signals;  // a job that was submitted is to be written down
  sweep::NewScript script(fs::absolute(options.run.exp));
  script.write(text(script.path()));
  return submit_chain(options, script, console);
}

}  // namespace

Command submit_command() {
  const auto options = std::make_shared<SubmitOptions>();
  return {"submit",
          "Have Slurm run what is not complete",
          submit_options(*options),
          "Writes a batch script, shows it with what there is to run, and gives it to\n"
          "sbatch after a yes. Options of run go along with it; malet.yaml is read by the\n"
          "job itself. What stands behind -- is for sbatch, and wins. `malet-mpi status\n"
          "EXP` shows the jobs, `malet-mpi cancel EXP` ends them.",
          {"malet-mpi submit EXP --nodes 2 --gpus-per-node 4 --time 4:00:00 \\\n"
           "      --python train.py:train",
           "malet-mpi submit EXP --gpus-per-node 4 --time 4:00:00 --array 8%2 --yes",
           "malet-mpi submit EXP --time 1:00:00 --chain 3 --dry-run \\\n"
           "      -- --mem=16G --constraint=a100"},
          [options](Call& call, Console& console) { return submit(call.given, *options, console); },
          false};
}

}  // namespace malet::cli
