#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/text/reject.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "cli/reports/job_report.hpp"
#include "cli/screen/confirm.hpp"
#include "exec/slurm/slurm_jobs.hpp"

namespace malet::cli {

namespace {

constexpr std::chrono::seconds states_patience(20);

struct CancelOptions {
  std::string exp;
  bool yes = false;
};

/// Those that are not over.
std::vector<JobFacts> living_jobs(const std::string& exp) {
  auto jobs = submitted_jobs(exp, states_patience);
  if (!std::all_of(jobs.begin(), jobs.end(), [](const auto& job) { return job.is_known(); })) {
    reject(
        "squeue does not tell which jobs there are: is Slurm there? If it is, try again, "
        "or use scancel");
  }
  std::erase_if(jobs, [](const JobFacts& job) { return !job.is_alive(); });
  return jobs;
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
  for (const auto& [cluster, numbers] : clusters) exec::cancel_jobs(cluster, numbers);
  console.out.write(fmt::format("{} job{} cancelled\n", jobs.size(), jobs.size() == 1 ? "" : "s"));
  return ExitCode::complete;
}

}  // namespace

Command cancel_command() {
  const auto options = std::make_shared<CancelOptions>();
  return {"cancel",
          "Cancel the jobs that submit has submitted",
          {folder_argument(options->exp),
           {"-y,--yes", groups::slurm, "Cancel without asking", flag(options->yes)}},
          "Jobs that run save what they have and end; `malet-mpi submit EXP` goes on.",
          {"malet-mpi cancel EXP"},
          [options](Call&, Console& console) { return cancel(*options, console); },
          false};
}

}  // namespace malet::cli
