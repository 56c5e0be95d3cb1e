#include "sweep/job/job_setup.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "exec/function/git.hpp"
#include "record/series/series_store.hpp"

namespace malet::sweep {

SetupMessage setup_message(const Job& job, std::vector<SlotPlace> slots) {
  SetupMessage setup;
  setup.yaml = job.folder->yaml;
  setup.yaml_name = base::paths::exp_config(job.path).string();
  setup.folder = job.path.string();
  setup.gives_back = job.options.pace.schedule == Schedule::dynamic;
  setup.slots = std::move(slots);
  return setup;
}

JobSetup make_setup(const Folder& folder, const Scope& scope, bool rerun_failed) {
  JobSetup setup;
  setup.may_repeat = folder.configs.duplicates() != std::optional<std::uint64_t>(0);
  setup.counts.total = setup.may_repeat ? distinct_size(scope.configs) : scope.configs.size();
  for (const ConfigRow& row : folder.rows) {
    if (!scope.configs.holds(row.index) || row.status == Status::none) continue;
    setup.known.seen.push_back(row.index);
    if (row.status == Status::running) continue;  // another job is at it
    if (row.status == Status::complete) {
      ++setup.counts.completed;
    } else if (row.interrupted || rerun_failed) {
      (row.interrupted ? setup.known.interrupted : setup.known.failed).push_back(row.index);
      setup.earlier.emplace(row.index, earlier_of(folder, row));
    } else {
      ++setup.counts.failed;
    }
  }
  setup.counts.pending = setup.counts.total - setup.counts.completed - setup.counts.failed;
  return setup;
}

Scheduler make_scheduler(const JobSetup& setup, const Scope& scope,
                         const ExperimentOptions& options, std::size_t workers) {
  const bool shuffled = options.pace.order == Order::random;
  if (options.splits.queue) return {WorkList(scope.configs.slice(0, 0), {}, false, false), workers};
  if (options.pace.schedule == Schedule::dynamic) {
    return {WorkList(scope.configs, setup.known, setup.may_repeat, shuffled), workers};
  }
  std::vector<WorkList> lists;
  for (std::size_t worker = 0; worker < workers; ++worker) {
    // By position, since all numbers of a split or filter may leave the same rest.
    lists.emplace_back(scope.configs.every(workers, worker), setup.known, setup.may_repeat,
                       shuffled);
  }
  return Scheduler(std::move(lists));
}

std::vector<LogWriter> make_logs(const Job& job, std::size_t workers) {
  const auto& path = job.path;
  std::vector<std::filesystem::path> files;
  if (job.scope->split) {
    files.push_back(base::paths::split_log(path, *job.scope->split));
  } else if (job.options.pace.schedule == Schedule::fixed) {
    for (std::size_t i = 0; i < workers; ++i) {
      files.push_back(base::paths::split_log(path, std::to_string(i)));
    }
  } else {
    files.push_back(base::paths::log(path));
  }
  const Folder& folder = *job.folder;
  const std::string commit = exec::commit_hash(".");
  const bool series_apart = keeps_series_apart(folder, job.options.storage.series);
  std::vector<LogWriter> logs;
  for (const auto& file : files) {
    const auto known = std::find(folder.log_paths.begin(), folder.log_paths.end(), file);
    if (known == folder.log_paths.end()) {
      logs.emplace_back(new_log(folder.configs, job.options, file), std::vector<std::uint64_t>(),
                        folder.configs, commit);
      logs.back().mark_changed();
    } else {
      const auto i = static_cast<std::size_t>(known - folder.log_paths.begin());
      logs.emplace_back(folder.logs[i], folder.row_indices[i], folder.configs, commit);
      if (folder.states[i].is_carried) logs.back().mark_changed();
    }
    if (series_apart) logs.back().keep_series_apart();
  }
  return logs;
}

bool keeps_series_apart(const Folder& folder, std::optional<SeriesForm> wanted) {
  if (wanted == SeriesForm::hdf5) return true;
  for (const auto& log : folder.log_paths) {
    if (!record::SeriesStore::exists(log)) continue;
    if (!wanted) return true;
    reject(
        "{}: the series of this folder are in HDF5, and --series tsv cannot "
        "take them back: leave it out (`malet-mpi export --inline` writes a "
        "log with the series in its cells)",
        base::paths::series(log).string());
  }
  return false;
}

}  // namespace malet::sweep
