#include "sweep/job/queue_job.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"
#include "base/files/process_facts.hpp"
#include "malet/error.hpp"
#include "malet/experiment.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/resplit_intent.hpp"
#include "sweep/folder/writers.hpp"
#include "sweep/queue/shared_claims.hpp"
#include "sweep/reshape/upkeep.hpp"

namespace malet::sweep {

namespace {

using Path = std::filesystem::path;

// A job that died elsewhere is known to be dead by then.
constexpr std::chrono::seconds feed_patience = base::writer_patience + std::chrono::seconds(10);

Standing standing_of(const ConfigRow& row) {
  if (row.status == Status::complete) return Standing::complete;
  if (row.status == Status::running) return Standing::running;
  return row.interrupted ? Standing::interrupted : Standing::failed;
}

/// What the logs of a folder say, as open_folder or read_some_logs has read them.
Findings findings_in(const Folder& folder, const Path& own_log) {
  Findings found;
  for (const ConfigRow& row : folder.rows) {
    if (row.status == Status::none) continue;
    found.rows.push_back({row.index, standing_of(row)});
    if (row.status != Status::failed) continue;
    found.left.emplace(row.index,
                       LeftOver{earlier_of(folder, row), folder.log_paths[row.log] == own_log});
  }
  return found;
}

/// The files that say how these logs stand.
std::vector<Path> files_of(const std::vector<Path>& logs) {
  std::vector<Path> files;
  for (const Path& log : logs) {
    files.insert(files.end(), {log, base::paths::journal(log), base::paths::writer(log)});
  }
  return files;
}

QueueFeed::Settings settings_of(const Job& job, const JobSetup& setup) {
  QueueFeed::Settings settings{job.scope->configs, cut(job.folder->configs.grid_size())};
  settings.may_repeat = setup.may_repeat;
  settings.shuffled = job.options.pace.order == Order::random;
  settings.rerun_failed = job.options.pace.rerun_failed;
  settings.expected = setup.known.expected;
  settings.patience = feed_patience;
  return settings;
}

// For another job that ends at the same moment.
constexpr std::chrono::seconds merge_patience(10);

bool has_queue_jobs(const Path& exp_folder) {
  const auto writers = base::paths::writers(exp_folder);
  return std::any_of(writers.begin(), writers.end(), [](const Path& path) {
    const auto holder = base::holder_of(path);
    return holder && holder->alive && holder->writer &&
           holder->writer->role.mode == base::WriterMode::queue;
  });
}

/// Whether all configs of a folder are complete.
bool is_complete(const Path& exp_folder) {
  const Counts counts = open_folder(exp_folder, nullptr, record::SeriesUse::none).counts();
  return counts.completed == counts.total;
}

/// Whether there are logs of queue jobs.
bool has_job_logs(const Path& exp_folder) {
  const auto logs = base::paths::existing_logs(exp_folder);
  return std::any_of(logs.begin(), logs.end(),
                     [](const Path& log) { return base::paths::job_of(log).has_value(); });
}

/// Makes log.tsv of all logs of a folder whose configs are all complete, unless other queue jobs
/// live: then the last of them does it. Tells whether log.tsv has all now.
bool merge_if_last(const Path& exp_folder) {
  const auto merge = [&] {
    if (!has_job_logs(exp_folder)) return true;
    if (has_queue_jobs(exp_folder)) return false;
    (void)Experiment::resplit_logs(exp_folder, 1, false);
    return true;
  };
  try {
    return while_refused(merge_patience, merge);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::refused) throw;
    return false;
  }
}

/// Where all is in log.tsv, removes what a queue job left that was killed after it had merged, or
/// found nothing to do. Does nothing while somebody writes in the folder.
void clear_up_queue(const Path& exp_folder) {
  const auto holder = base::holder_of(base::paths::writer(base::paths::log(exp_folder)));
  const Path intent_writer = base::paths::writer(base::paths::resplit_intent(exp_folder));
  const bool has_left = (holder && !holder->alive) || std::filesystem::exists(intent_writer) ||
                        std::filesystem::exists(base::paths::claims(exp_folder));
  if (!has_left || has_job_logs(exp_folder)) return;
  try {
    const auto lock = lock_folder(exp_folder);
    remove_unfinished_resplit(exp_folder);
    remove_claims(exp_folder);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::refused) throw;  // else somebody is at work, and will
  }
}

}  // namespace

QueueJob::QueueJob(const Job& job, const JobSetup& setup)
    : job_(job),
      own_log_(base::paths::split_log(job.path, *job.scope->split)),
      claims_(job.path, job.options.splits.queue_job, job.lock->writer().token),
      feed_(settings_of(job, setup), findings_in(*job.folder, own_log_), claims_,
            [this](const auto& jobs, bool all) { return read_logs(jobs, all); }) {}

std::vector<Path> QueueJob::logs_of(const std::vector<std::string>& jobs, bool all) const {
  std::vector<Path> logs;
  if (all) logs = base::paths::existing_logs(job_.path);
  for (const std::string& job : jobs) {
    if (!all) logs.push_back(base::paths::job_log(job_.path, job));
  }
  std::erase(logs, own_log_);
  return logs;
}

std::shared_ptr<const Findings> QueueJob::read_logs(const std::vector<std::string>& jobs,
                                                    bool all) {
  try {
    const auto logs = logs_of(jobs, all);
    if (!close_dead_logs(*job_.folder, logs, std::chrono::seconds(0))) return nullptr;
    FileStamps stamps = stamps_of(files_of(logs));
    if (!last_read_.findings || stamps != last_read_.stamps) {
      const Folder some = read_some_logs(*job_.folder, logs, logs, &job_.lock->writer());
      last_read_ = {std::move(stamps),
                    std::make_shared<const Findings>(findings_in(some, own_log_))};
    }
    return last_read_.findings;
  } catch (const Error& error) {
    claims_.warn(error.what());
    return nullptr;
  }
}

QueueJob::Outcome QueueJob::outcome(std::uint64_t total) const {
  const Folder folder = open_folder(job_.path, &job_.lock->writer(), record::SeriesUse::none);
  Outcome outcome;
  Counts& counts = outcome.counts;
  counts.total = total;
  for (const ConfigRow& row : folder.rows) {
    if (!job_.scope->configs.holds(row.index)) continue;
    counts.completed += row.status == Status::complete ? 1 : 0;
    counts.failed += row.status == Status::failed && !row.interrupted ? 1 : 0;
    counts.running += row.interrupted ? 1 : 0;
    outcome.elsewhere += row.status == Status::running ? 1 : 0;
  }
  counts.pending = total - counts.completed - counts.failed - counts.running;
  return outcome;
}

std::string queue_job_name() {
  const char* job = std::getenv("SLURM_JOB_ID");
  if (job != nullptr && *job != '\0') return job;
  return base::host_name() + "-" + base::new_token().substr(0, 8);
}

void end_queue(const Job& job, JobResult& result) {
  if (!job.options.splits.filter.empty() && !is_complete(job.path)) return;
  const bool has_run = !result.report.logs.empty();
  const bool is_left_to_others = has_job_logs(job.path) && !merge_if_last(job.path);
  clear_up_queue(job.path);
  if (is_left_to_others || !has_run) return;
  result.report.queue = RunReport::Queue{true, 0};
  result.report.logs = {base::paths::log(job.path)};
  result.log = open_log(base::paths::log(job.path));
}

}  // namespace malet::sweep
