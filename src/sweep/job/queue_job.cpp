#include "sweep/job/queue_job.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <utility>

#include "base/claims/writer_holder.hpp"
#include "base/files/paths.hpp"
#include "base/files/process_facts.hpp"
#include "malet/error.hpp"
#include "sweep/reshape/dead_log.hpp"

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

QueueFeed::Settings settings_of(const Job& job, const JobSetup& setup) {
  QueueFeed::Settings settings{job.scope->configs, cut(job.folder->configs.grid_size())};
  settings.may_repeat = setup.may_repeat;
  settings.shuffled = job.options.pace.order == Order::random;
  settings.rerun_failed = job.options.pace.rerun_failed;
  settings.expected = setup.known.expected;
  settings.patience = feed_patience;
  return settings;
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

QueueJob::Stamps QueueJob::stamps_of(const std::vector<Path>& logs) {
  Stamps stamps;
  for (const Path& log : logs) {
    for (const Path& file : {log, base::paths::journal(log), base::paths::writer(log)}) {
      std::error_code none;
      const auto size = std::filesystem::file_size(file, none);
      // A living job touches its writer file all the time.
      const bool is_touched = file.extension() == ".writer";
      stamps.emplace_back(size, is_touched ? std::filesystem::file_time_type()
                                           : std::filesystem::last_write_time(file, none));
    }
  }
  return stamps;
}

std::shared_ptr<const Findings> QueueJob::read_logs(const std::vector<std::string>& jobs,
                                                    bool all) {
  try {
    const auto logs = logs_of(jobs, all);
    const auto is_closed = [this](const Path& log) { return close_dead_log(*job_.folder, log); };
    if (!std::all_of(logs.begin(), logs.end(), is_closed)) return nullptr;
    Stamps stamps = stamps_of(logs);
    if (logs != last_read_.logs || stamps != last_read_.stamps) {
      const Folder some = read_some_logs(*job_.folder, logs, logs, &job_.lock->writer());
      last_read_ = {logs, std::move(stamps),
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

}  // namespace malet::sweep
