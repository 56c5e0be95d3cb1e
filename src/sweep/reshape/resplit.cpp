#include <sys/stat.h>

#include <memory>
#include <system_error>
#include <utility>

#include "base/claims/writer_lock.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/experiment.hpp"
#include "record/log/log_file.hpp"
#include "record/log/series_upkeep.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/resplit_intent.hpp"
#include "sweep/folder/row_matcher.hpp"
#include "sweep/folder/writers.hpp"
#include "sweep/reshape/joined_logs.hpp"
#include "sweep/reshape/upkeep.hpp"

// Everything is built beside what there is. What then changes the folder is written down first, in
// one file that takes its name at once and whole: before it nothing has happened, after it all
// will.
namespace malet {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_splits = 100'000;

/// Removes a file or folder at the end, unless keep() was called.
class Draft {
 public:
  explicit Draft(fs::path path) : path_(std::move(path)) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

/// New logs are renamed to their places, which works within one file system only.
void require_one_file_system(const fs::path& exp_folder) {
  const fs::path log_splits = base::paths::log_splits(exp_folder);
  struct stat here {};
  struct stat there {};
  if (::stat(log_splits.c_str(), &there) != 0 || ::stat(exp_folder.c_str(), &here) != 0) return;
  if (here.st_dev == there.st_dev) return;
  reject(
      "{}: is on another file system than {}, and new logs cannot be moved "
      "there at once: make one log by -n 1, then put a folder in its place",
      log_splits.string(), exp_folder.string());
}

void check(const fs::path& exp_folder, std::size_t splits) {
  if (splits == 0 || splits > most_splits) {
    reject("cannot split into {} logs: give a number from 1, for log.tsv alone, to {}", splits,
           most_splits);
  }
  if (base::paths::existing_logs(exp_folder).empty()) {
    reject("{}: there are no logs to split: run the experiment first", exp_folder.string());
  }
  if (splits > 1) require_one_file_system(exp_folder);
}

fs::path unused_backup(const fs::path& exp_folder) {
  unsigned number = 0;
  while (base::is_there(base::paths::logs_backup(exp_folder, number))) ++number;
  return base::paths::logs_backup(exp_folder, number);
}

/// One resplit, from the taking of the folder to its end.
class Resplit {
 public:
  Resplit(fs::path exp_folder, std::size_t splits)
      : exp_folder_(std::move(exp_folder)),
        folder_lock_(sweep::take_folder(exp_folder_, [&] { check(exp_folder_, splits); })),
        intent_lock_(base::paths::resplit_intent(exp_folder_), {}),
        folder_(open()),
        joined_(folder_),
        parts_(splits) {
    for (const fs::path& log : folder_.log_paths) {
      stores_.push_back(record::SeriesStore::open(log));
    }
  }

  ResplitReport run(bool save_backup) {
    const fs::path unused = unused_backup(exp_folder_);
    base::remove_temporaries(unused);  // of one that was killed
    base::remove_temporaries(base::paths::series(unused));
    const fs::path backup = save_backup ? unused : fs::path();
    Draft backup_draft(backup);
    Draft new_logs(base::paths::new_logs(exp_folder_));
    ResplitReport report;
    Draft backup_series(save_backup ? base::paths::series(backup) : fs::path());
    if (save_backup) (void)write_log(joined_.rows(), backup);
    report.backup = backup;
    const std::size_t all = joined_.rows().size();
    joined_.fold();
    report.rows = joined_.rows().size();
    report.folded_rows = all - report.rows;
    deal_out(report);
    build();
    sweep::commit_intent(exp_folder_, intent_);
    backup_draft.keep();
    backup_series.keep();
    new_logs.keep();
    sweep::carry_out_intent(exp_folder_);
    for (std::size_t part = 0; part < parts_.size(); ++part) report.logs.push_back(log_path(part));
    return report;
  }

 private:
  /// Opens the folder and takes over what killed jobs left.
  sweep::Folder open() {
    if (sweep::has_intent(exp_folder_)) sweep::carry_out_intent(exp_folder_);
    sweep::remove_unfinished_resplit(exp_folder_);
    sweep::Folder folder = sweep::open_folder(exp_folder_, &folder_lock_->writer());
    sweep::take_over_logs(folder, base::paths::log(exp_folder_), false);
    return folder;
  }

  void deal_out(ResplitReport& report) {
    for (const sweep::JoinedRow& row : joined_.rows()) {
      const bool is_foreign = row.index == sweep::no_index;
      report.foreign_rows += is_foreign ? 1 : 0;
      parts_[is_foreign ? 0 : row.index % parts_.size()].push_back(row);
    }
  }

  /// Writes a log with these rows and their series in HDF5; tells whether there are such series.
  bool write_log(const std::vector<sweep::JoinedRow>& rows, const fs::path& file) const {
    ExperimentLog log = joined_.log_of(rows, file);
    std::vector<const record::SeriesStore*> stores;
    for (const sweep::JoinedRow& row : rows) stores.push_back(&stores_[row.log]);
    const bool has_series = record::write_series(log, stores);
    record::write_tsv(log);
    return has_series;
  }

  /// Builds the new logs, and notes what is to be moved and removed.
  void build() {
    for (const fs::path& log : folder_.log_paths) remove_log_later(log);
    remove_claims_later();
    remove_writers_later();
    const sweep::AttemptSplit attempts(folder_.log_paths, folder_.configs, parts_.size());
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      const fs::path log = log_path(part);
      if (write_log(parts_[part], draft_of(log))) move_later(base::paths::series(log));
      move_later(log);
      const fs::path attempts_file = base::paths::attempts(log);
      if (!attempts.has(part)) continue;
      attempts.write(part, draft_of(attempts_file));
      move_later(attempts_file);
    }
  }

  [[nodiscard]] fs::path log_path(std::size_t part) const {
    return parts_.size() == 1 ? base::paths::log(exp_folder_)
                              : base::paths::split_log(exp_folder_, std::to_string(part));
  }

  [[nodiscard]] fs::path draft_of(const fs::path& file) const {
    return base::paths::new_logs(exp_folder_) / file.filename();
  }

  void move_later(const fs::path& file) {
    intent_.move.emplace_back(draft_of(file).lexically_relative(exp_folder_),
                              file.lexically_relative(exp_folder_));
  }

  void remove_later(const fs::path& file) {
    intent_.remove.push_back(file.lexically_relative(exp_folder_));
  }

  void remove_log_later(const fs::path& log) {
    for (const fs::path& file : {log, base::paths::journal(log), base::paths::attempts(log)}) {
      remove_later(file);
    }
    if (fs::exists(base::paths::series(log))) remove_later(base::paths::series(log));
    for (const record::SegmentRange& range : record::list_segments(log)) {
      remove_later(base::paths::series_segment(log, range.first, range.last));
    }
    const fs::path segments = base::paths::series_segments(log);
    if (fs::exists(segments)) remove_later(segments);
    // Beside log.tsv stands our own writer file.
    if (log != base::paths::log(exp_folder_)) remove_later(base::paths::writer(log));
  }

  /// Queue jobs that start later begin with what the new logs say.
  void remove_claims_later() {
    const fs::path grid = base::paths::claims_grid(exp_folder_);
    if (!fs::exists(base::paths::claims(exp_folder_))) return;
    base::remove_temporaries(grid);  // of a job that was killed
    for (const fs::path& file : base::paths::claim_files(exp_folder_)) remove_later(file);
    remove_later(base::paths::writer(grid));
    remove_later(base::paths::claims(exp_folder_));
  }

  /// Removes writer files of jobs that were killed before they had a log.
  void remove_writers_later() {
    for (const fs::path& file : base::paths::writers(exp_folder_)) {
      const fs::path log = fs::path(file).replace_extension();
      if (log == base::paths::log(exp_folder_) || fs::exists(log)) continue;
      base::remove_temporaries(log);
      remove_later(file);
    }
  }

  fs::path exp_folder_;
  std::unique_ptr<base::WriterLock> folder_lock_;
  base::WriterLock intent_lock_;
  sweep::Folder folder_;
  sweep::JoinedLogs joined_;
  std::vector<record::SeriesStore> stores_;  // as Folder::logs
  std::vector<std::vector<sweep::JoinedRow>> parts_;
  sweep::ResplitIntent intent_;
};

}  // namespace

ResplitReport Experiment::resplit_logs(const fs::path& exp_folder, std::size_t target_split,
                                       bool save_backup) {
  return Resplit(exp_folder, target_split).run(save_backup);
}

}  // namespace malet
