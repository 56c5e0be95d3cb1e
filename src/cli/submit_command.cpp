#include "cli/submit_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time_text.hpp"
#include "cli/array_splits.hpp"
#include "cli/confirm.hpp"
#include "cli/cost_report.hpp"
#include "cli/folder_check.hpp"
#include "cli/folder_facts.hpp"
#include "cli/plan_report.hpp"
#include "cli/submit_job.hpp"
#include "cli/submit_options.hpp"
#include "cli/text_table.hpp"
#include "exec/own_files.hpp"
#include "exec/program_answer.hpp"
#include "exec/shell_words.hpp"
#include "exec/signals.hpp"
#include "sweep/folder.hpp"
#include "sweep/job_setup.hpp"
#include "sweep/scope.hpp"
#include "sweep/submitted_jobs.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds config_patience(10);
constexpr std::chrono::minutes sbatch_patience(5);

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorKind::bad_input, sentence);
}

/// Sees that run would take what each job gets, so that jobs do not wait in vain for hours.
void check_run(CLI::App& app, SubmitOptions& options) {
  take_file_options(app, options.run.exp);
  ExperimentOptions& run = options.run.experiment;
  if (options.array) {
    const std::uint64_t tasks = options.array->tasks;
    const exec::ArrayTask first{"of the jobs to come", 0, 0, tasks - 1, 1, tasks};
    (void)take_array_splits(app, first, run);
  }
  (void)open_experiment(options.run);
}

std::vector<std::string> sbatch_words(const fs::path& script, const std::string& after) {
  std::vector<std::string> words = {"sbatch", "--parsable"};
  if (!after.empty()) words.push_back("--dependency=afterany:" + after);
  words.push_back(fs::absolute(script).string());
  return words;
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

/// What there is to do.
struct Work {
  std::string experiment;
  Counts counts;
  CostFacts cost;
};

Work find_work(const SubmitOptions& options) {
  const sweep::Folder folder =
      sweep::open_folder(options.run.exp, nullptr, record::SeriesUse::none);
  ExperimentOptions all = options.run.experiment;
  if (options.array) {  // its splits are everything
    all.total_splits = "1";
    all.curr_split = "0";
  }
  const sweep::Scope scope = sweep::make_scope(folder.configs, all);
  const Counts counts = sweep::make_setup(folder, scope, all.rerun_failed).counts;
  return {experiment_name(folder.path), counts,
          cost_of(folder, scope.configs, counts.pending, all)};
}

/// The same for people.
std::string work_text(const Work& work, const SubmitOptions& options) {
  return fmt::format("{}: {}, {} to run\n", work.experiment, config_count(work.counts.total),
                     work.counts.pending) +
         cost_text(work.cost, plan_job(options.shape, options.run.experiment));
}

/// Why sbatch did not take a job, in one sentence.
std::string complaint(const exec::ProgramAnswer& answer) {
  if (answer.is_missing) return "there is no sbatch: submit needs Slurm";
  if (answer.took_too_long) {
    return "sbatch did not answer for five minutes: see by squeue whether it has taken the job";
  }
  const std::string said = one_line(answer.err.empty() ? answer.out : answer.err);
  return "sbatch did not take the job: " + (said.empty() ? "it did not say why" : said);
}

/// Sees that a script can be given to Slurm, and that somebody says so.
void require_means(const SubmitOptions& options, const Console& console) {
  if (options.dry_run) return;
  exec::ProgramQuestion question;
  question.arguments = {"sbatch", "--version"};
  const auto answer = exec::ask_program(question);
  if (answer.is_missing) refuse(complaint(answer));
  require_answer(console, options.yes);
}

/// Gives the script to Slurm once. What a job array has told this process is not for the new job.
exec::SlurmJob submit_once(const fs::path& script, const std::string& after) {
  exec::ProgramQuestion question;
  question.arguments = sbatch_words(script, after);
  question.variables = {{"SLURM_ARRAY_JOB_ID", ""}, {"SLURM_ARRAY_TASK_ID", ""}};
  question.patience = sbatch_patience;
  const auto answer = exec::ask_program(question);
  if (!answer.is_good()) refuse(complaint(answer));
  const auto job = exec::parse_sbatch_answer(answer.out);
  if (!job) {
    refuse(
        fmt::format("sbatch has said '{}', which names no job: see squeue", one_line(answer.out)));
  }
  return *job;
}

/// Submits the chain; keeps the script from the first job on that is.
ExitCode submit_chain(const SubmitOptions& options, sweep::NewScript& script, Console& console) {
  std::string after;
  for (int place = 0; place < options.chain && exec::SignalWatch::count() == 0; ++place) {
    exec::SlurmJob job;
    try {
      job = submit_once(script.path(), after);
    } catch (const Error& error) {
      if (after.empty()) throw;
      refuse(fmt::format("{}; those before it stay, `malet-mpi cancel` ends them", error.what()));
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

ExitCode submit(CLI::App& app, SubmitOptions& options, Console& console) {
  require_experiment(options.run.exp);
  require_means(options, console);
  const auto arguments = run_arguments(options);
  const exec::SlurmConfig slurm = exec::slurm_config(config_patience);
  check_submit(options, slurm);
  check_run(app, options);
  const auto text = [&](const fs::path& script) {
    return submit_script(options, slurm, exec::own_executable(), arguments, script);
  };
  const fs::path next = sweep::next_script(options.run.exp);
  const Work work = find_work(options);
  console.out.write(text(next) + "\n" + work_text(work, options) +
                    exec::shell_line(sbatch_words(next, "")) + how_often(options) + "\n");
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
  sweep::NewScript script(options.run.exp);
  script.write(text(script.path()));
  return submit_chain(options, script, console);
}

}  // namespace

Subcommand add_submit_command(CLI::App& program) {
  const auto options = std::make_shared<SubmitOptions>();
  CLI::App& app = *program.add_subcommand("submit", "Have Slurm run what is not complete");
  add_submit_options(app, *options);
  return {&app, [&app, options](Console& console) { return submit(app, *options, console); },
          false};
}

}  // namespace malet::cli
