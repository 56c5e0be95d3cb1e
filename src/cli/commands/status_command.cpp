#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/text/reject.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/folder_check.hpp"
#include "cli/options/forms.hpp"
#include "cli/reports/cost_report.hpp"
#include "cli/reports/failure_report.hpp"
#include "cli/reports/job_report.hpp"
#include "cli/reports/status_report.hpp"
#include "record/log/log_access.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/attempt_history.hpp"

namespace malet::cli {

namespace {

constexpr std::chrono::seconds watch_interval{2};
/// Slurm is to be asked sparingly, and nobody is to wait for it.
constexpr std::chrono::seconds job_interval{30};
constexpr std::chrono::seconds job_patience{3};
/// Without knowing that no config repeats, counting looks at each of them.
constexpr std::uint64_t most_counted = 1'000'000'000;

struct StatusOptions {
  std::string exp;
  bool json = false;
  bool failed = false;
  bool watch = false;
  bool exit_code = false;
};

/// When the configs that have a result got it.
std::vector<base::Micros> end_times(const sweep::Folder& folder) {
  std::vector<base::Micros> ends;
  for (const sweep::ConfigRow& row : folder.rows) {
    if (row.status != sweep::Status::complete && row.status != sweep::Status::failed) continue;
    const record::Table& table = record::table_of(folder.logs[row.log]);
    const auto column = table.column("datetime");
    const auto time = column ? base::parse_datetime(table.cell(row.row, *column)) : std::nullopt;
    if (time) ends.push_back(*time);
  }
  return ends;
}

/// How fast it goes, while somebody is at work.
std::optional<Pace> pace_of(const sweep::Folder& folder) {
  const auto is_written = [](const auto& state) { return state.is_written; };
  if (std::none_of(folder.states.begin(), folder.states.end(), is_written)) return std::nullopt;
  return recent_pace(end_times(folder));
}

Counts counts_of(const sweep::Folder& folder) {
  if (!folder.configs.duplicates() && folder.configs.size() > most_counted) {
    reject("{}: the grid has {} configs, more than can be counted one by one", folder.path.string(),
           folder.configs.size());
  }
  return folder.counts();
}

/// Of what is left to run. A malet.yaml that cannot be read is told, and passed over.
CostFacts cost_left(const sweep::Folder& folder, const Counts& counts, Console& console) {
  ExperimentOptions options;
  try {
    options = read_run_options(folder.path.string()).experiment;
  } catch (const Error& error) {
    console.err.write(std::string(error.what()) + "\n");
  }
  return cost_of(folder, folder.configs, counts.total - counts.completed, options);
}

/// The jobs of a folder, looked at now and then.
class JobWatch {
 public:
  const std::vector<JobFacts>& look(const std::string& exp) {
    const auto now = std::chrono::steady_clock::now();
    if (looked_ && now - *looked_ < job_interval) return jobs_;
    jobs_ = submitted_jobs(exp, job_patience);
    looked_ = std::chrono::steady_clock::now();
    return jobs_;
  }

 private:
  std::optional<std::chrono::steady_clock::time_point> looked_;
  std::vector<JobFacts> jobs_;
};

std::string json_text(const sweep::Folder& folder, const Counts& counts, const CostFacts& cost,
                      const std::vector<JobFacts>& jobs, bool failed) {
  Value::Map document = status_document(counts);
  document.emplace_back("remaining", cost_document(cost, {}));
  document.emplace_back("submitted", jobs_document(jobs));
  if (const auto queue = sweep::queue_state(folder)) {
    document.emplace_back("queue", queue_document(*queue));
  }
  if (failed) add_failures(document, sweep::failed_configs(folder), folder.configs);
  return to_json(document, 2) + "\n";
}

/// Shows the state once.
Counts show(const StatusOptions& options, JobWatch& watch, Console& console, bool redraw) {
  require_experiment(options.exp);
  const sweep::Folder folder = sweep::open_folder(options.exp, nullptr, record::SeriesUse::none);
  const Counts counts = counts_of(folder);
  for (const std::string& warning : folder.warnings) console.err.write(warning + "\n");
  if (redraw && console.out.is_terminal()) console.out.write("\x1b[H\x1b[2J");
  const CostFacts cost = cost_left(folder, counts, console);
  const std::vector<JobFacts>& jobs = watch.look(options.exp);
  if (options.json) {
    console.out.write(json_text(folder, counts, cost, jobs, options.failed));
    return counts;
  }
  console.out.write(
      status_text({experiment_name(folder.path), counts, pace_of(folder), base::now()}) +
      cost_text(cost, {}) + jobs_text(jobs));
  if (const auto queue = sweep::queue_state(folder)) {
    console.out.write("\n" + queue_report(*queue, console.out.width()));
  }
  if (options.failed) {
    const auto failed = sweep::failed_configs(folder);
    console.out.write("\n" + failure_text(failed, folder.configs, console.out.width()));
  }
  return counts;
}

ExitCode status(const StatusOptions& options, Console& console) {
  JobWatch watch;
  Counts counts = show(options, watch, console, options.watch);
  while (options.watch && counts.pending + counts.running > 0 && !console.out.is_closed()) {
    std::this_thread::sleep_for(watch_interval);
    counts = show(options, watch, console, true);
  }
  return options.exit_code ? status_code(counts) : ExitCode::complete;
}

std::vector<Option> status_options(StatusOptions& options) {
  return {
      folder_argument(options.exp),
      {"--json", groups::output,
       "Write {total, completed, failed, running, pending, remaining, submitted}, and queue "
       "where jobs share the experiment",
       flag(options.json)},
      {"--failed", groups::output, "Tell why configs failed, too: by reason, and one by one",
       flag(options.failed)},
      {"--watch", groups::output, "Look again every 2 s until all is done", flag(options.watch)},
      {"--exit-code", groups::output,
       "Leave with 0 (all complete), 1 (done, some failed) or 75 (not done)",
       flag(options.exit_code)}};
}

}  // namespace

Command status_command() {
  const auto options = std::make_shared<StatusOptions>();
  return {"status",
          "Show how many configs are done",
          status_options(*options),
          "Counts are of distinct configs over log.tsv and log_splits/*.tsv; the best\n"
          "status counts.",
          {"malet-mpi status EXP --watch",
           "malet-mpi status EXP --exit-code; test $? -eq 75 && sbatch job.sh"},
          [options](Call&, Console& console) { return status(*options, console); }};
}

}  // namespace malet::cli
