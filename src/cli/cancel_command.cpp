#include "cli/cancel_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/confirm.hpp"
#include "cli/folder_check.hpp"
#include "cli/job_report.hpp"
#include "cli/text_table.hpp"
#include "exec/program_answer.hpp"

namespace malet::cli {

namespace {

constexpr std::chrono::seconds states_patience(20);
constexpr std::chrono::minutes scancel_patience(2);

struct CancelOptions {
  std::string exp;
  bool yes = false;
};

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorKind::bad_input, sentence);
}

/// Those that are not over.
std::vector<JobFacts> living_jobs(const std::string& exp) {
  auto jobs = submitted_jobs(exp, states_patience);
  for (const JobFacts& job : jobs) {
    if (job.is_known()) continue;
    refuse(
        "squeue does not tell which jobs there are: is Slurm there? If it is, try again, or use "
        "scancel");
  }
  std::erase_if(jobs, [](const JobFacts& job) { return !job.is_alive(); });
  return jobs;
}

void call_scancel(std::vector<std::string> options, const std::string& cluster,
                  const std::vector<std::string>& numbers) {
  exec::ProgramQuestion question;
  if (!cluster.empty()) options.insert(options.end(), {"-M", cluster});
  question.arguments = {"scancel"};
  question.arguments.insert(question.arguments.end(), options.begin(), options.end());
  question.arguments.insert(question.arguments.end(), numbers.begin(), numbers.end());
  question.patience = scancel_patience;
  const auto answer = exec::ask_program(question);
  if (answer.is_good()) return;
  if (answer.is_missing) refuse("there is no scancel: cancel needs Slurm");
  const std::string said = one_line(answer.err);
  refuse("scancel failed: " + (said.empty() ? "it did not say why" : said));
}

/// Those that wait first: one that waits for another's end is not to begin when that one is
/// cancelled.
void cancel_on(const std::string& cluster, const std::vector<std::string>& numbers) {
  call_scancel({"--state=PENDING"}, cluster, numbers);
  call_scancel({}, cluster, numbers);
}

ExitCode cancel(const CancelOptions& options, Console& console) {
  require_experiment(options.exp);
  const auto jobs = living_jobs(options.exp);
  if (jobs.empty()) {
    console.out.write(
        "nothing to cancel: no job that was submitted from here is waiting or "
        "running\n");
    return ExitCode::complete;
  }
  std::map<std::string, std::vector<std::string>> clusters;
  std::string text;
  for (const JobFacts& job : jobs) {
    clusters[job.submitted.job.cluster].push_back(job.submitted.job.number);
    text += fmt::format("job {} ({})\n", job.submitted.job.number, states_text(job.states));
  }
  require_answer(console, options.yes);
  console.out.write(text);
  if (!confirmed(console, "cancel?", options.yes)) {
    console.out.write("nothing was cancelled\n");
    return ExitCode::complete;
  }
  for (const auto& [cluster, numbers] : clusters) cancel_on(cluster, numbers);
  console.out.write(fmt::format("{} job{} cancelled\n", jobs.size(), jobs.size() == 1 ? "" : "s"));
  return ExitCode::complete;
}

}  // namespace

Subcommand add_cancel_command(CLI::App& program) {
  const auto options = std::make_shared<CancelOptions>();
  CLI::App& app = *program.add_subcommand("cancel", "Cancel the jobs that submit has submitted");
  app.add_option("EXP", options->exp, "Experiment folder")->required()->type_name("FOLDER");
  app.add_flag("-y,--yes", options->yes, "Cancel without asking");
  app.footer(
      "Jobs that run save what they have and end; `malet-mpi submit EXP` goes on.\n\n"
      "Example:\n  malet-mpi cancel EXP");
  return {&app, [options](Console& console) { return cancel(*options, console); }, false};
}

}  // namespace malet::cli
