#include "sweep/job/job.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/files/paths.hpp"
#include "sweep/folder/writers.hpp"
#include "sweep/job/job_setup.hpp"
#include "sweep/job/queue_job.hpp"
#include "sweep/queue/shared_claims.hpp"
#include "sweep/reshape/upkeep.hpp"

namespace malet::sweep {

namespace {

constexpr std::chrono::seconds closing_patience(10);

/// The files that a folder is read from.
FileStamps stamps_in(const std::filesystem::path& exp_folder) {
  auto files = base::paths::existing_logs(exp_folder);
  const std::size_t logs = files.size();
  for (std::size_t i = 0; i < logs; ++i) files.push_back(base::paths::journal(files[i]));
  files.push_back(base::paths::exp_config(exp_folder));
  files.push_back(base::paths::resplit_intent(exp_folder));
  return stamps_of(files);
}

}  // namespace

ExperimentLog new_log(const ConfigIter& configs, const ExperimentOptions& options,
                      const std::filesystem::path& path) {
  std::vector<std::string> columns = Experiment::infos();
  columns.insert(columns.end(), options.storage.metrics.begin(), options.storage.metrics.end());
  return ExperimentLog::from_config_iter(configs, std::move(columns), path);
}

void Job::open(const base::Writer* self) {
  if (options.splits.queue && options.splits.queue_job.empty()) {
    options.splits.queue_job = queue_job_name();
  }
  stamps_ = stamps_in(path);
  folder = open_folder(path, self);
  scope = make_scope(folder->configs, options);
  refuse_other_splits(*folder, options);
  (void)keeps_series_apart(*folder, options.storage.series);  // refuses what cannot be
  const auto own = std::get<1>(Experiment::get_paths(path, scope->split));
  const auto known = std::find(folder->log_paths.begin(), folder->log_paths.end(), own);
  log = known == folder->log_paths.end()
            ? new_log(folder->configs, options, own)
            : folder->logs[static_cast<std::size_t>(known - folder->log_paths.begin())];
}

/// Whether the folder's files, or who writes them, are others than when it was read.
bool Job::has_changed() const {
  if (stamps_ != stamps_in(path)) return true;
  const base::Writer* self = lock ? &lock->writer() : nullptr;
  for (std::size_t i = 0; i < folder->states.size(); ++i) {
    if (folder->states[i].is_written != is_written(path, folder->log_paths[i], self)) return true;
  }
  return false;
}

bool Job::has_nothing_to_do() const {
  return !is_left_open(*folder) && !has_dead_writer(path, log.logs_file()) &&
         make_setup(*folder, *scope, options.pace.rerun_failed).counts.pending == 0;
}

void Job::begin_writing() {
  const bool was_held = lock != nullptr;
  if (!was_held) {
    if (stamps_ != stamps_in(path)) open();
    if (has_nothing_to_do()) return;
    lock = lock_logs(path, *scope, options);
  }
  if (options.splits.queue) {
    share_claims(path, folder->configs, lock->writer());
    (void)close_dead_logs(*folder, base::paths::existing_logs(path), closing_patience);
  }
  // What update_log wrote stands in the log alone.
  if (was_held || has_changed()) open(&lock->writer());
  take_over_logs(*folder, log.logs_file(), scope->split.has_value());
  if (!lock->warning().empty()) folder->warnings.push_back(lock->warning());
}

void Job::hold_for_updates() {
  if (lock) {
    if (stamps_ != stamps_in(path)) open();  // configs that are running here stay so
    return;
  }
  lock = lock_logs(path, *scope, options);
  open(&lock->writer());
  take_over_logs(*folder, log.logs_file(), scope->split.has_value());
}

void Job::note_update() {
  stamps_ = stamps_in(path);
}

void Job::end_writing(JobResult& result) {
  lock.reset();
  if (!options.splits.queue) return;
  if (result.report.exit_code != ExitCode::complete || result.report.abandoned) return;
  try {
    end_queue(*this, result);
  } catch (const Error& error) {  // the results are there all the same
    if (!options.on_progress) return;
    Progress progress;
    progress.counts = result.report.counts;
    progress.events = {std::string(error.what())};
    options.on_progress(progress);
  }
}

}  // namespace malet::sweep
