#include "sweep/reshape/log_replacement.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/log/log_lock.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/series/series_segments.hpp"
#include "record/series/series_store.hpp"
#include "record/table/tsv.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

namespace {

namespace fs = std::filesystem;

std::string text_of(const ExperimentLog& log) {
  return record::log_text(log.header(), record::table_of(log));
}

[[noreturn]] void refuse(const fs::path& file, std::string_view what) {
  reject("{}: {}", file.string(), what);
}

/// Whether the file has this content already.
bool is_same(const ExperimentLog& log, const fs::path& file) {
  return fs::is_regular_file(file) && base::read_file(file) == text_of(log);
}

void remove_journal(const fs::path& file) {
  const fs::path journal = base::paths::journal(file);
  std::error_code error;
  fs::remove(journal, error);
  if (error) refuse(journal, "cannot be removed: " + error.message());
}

void remove_series(const fs::path& file) {
  record::remove_series(file);
  if (!record::SeriesStore::exists(file)) return;
  refuse(base::paths::series(file), "cannot be removed: see to the rights of its folder");
}

/// Takes the journal and then the series into the log: they fit this log, but need not fit the one
/// that replaces it. After a kill or a full disk the log reads as before: the journal is removed
/// once log and segment have its records, and the series, by then one file, once the cells have
/// them.
void close_source(ExperimentLog log, const fs::path& file) {
  if (const auto series = record::series_of(log)) record::write_segment(file, series->unstored());
  if (fs::exists(base::paths::journal(file))) {
    log.to_tsv(file);
    remove_journal(file);
  }
  if (!record::SeriesStore::exists(file)) return;
  (void)record::compact_series(log);
  record::inline_series(log);
  log.to_tsv(file);
  remove_series(file);
}

}  // namespace

void check_log_place(const fs::path& file, bool may_have_series) {
  if (base::paths::series(file) == file) {
    refuse(file, "series are kept in files named so: let the log's name end with .tsv");
  }
  if (may_have_series || !record::SeriesStore::exists(file)) return;
  refuse(base::paths::series(file),
         fmt::format("this is where {} would have its series: name another log, or use --force, "
                     "which removes them",
                     file.filename().string()));
}

void overwrite_log(const ExperimentLog& log, const fs::path& file) {
  // The log is on disk by then, so that a full one is found while everything is as it was.
  const auto make_room = [&file] {
    remove_journal(file);
    remove_series(file);
  };
  (void)record::write_tsv(file, log.header(), record::table_of(log), {}, make_room);
}

void replace_log(const ExperimentLog& log, const fs::path& file, const Replacement& may) {
  const fs::path journal = base::paths::journal(file);
  base::require_replaceable(file);
  check_log_place(file, may.source != nullptr || may.force);
  if (may.source == nullptr && !may.force) {
    if (fs::exists(journal)) {
      refuse(journal, "there are results of another log: name that one, too, or use --force");
    }
    if (is_same(log, file)) return;
    if (fs::exists(file)) {
      refuse(file, "the file exists and is none of the logs: name another one, or use --force");
    }
  }
  const auto lock = record::lock_log(file, std::chrono::milliseconds(0));
  if (may.source == nullptr) return overwrite_log(log, file);
  ExperimentLog now = open_log(file, &lock->writer());
  if (text_of(now) != text_of(*may.source)) {
    refuse(file, "somebody wrote this log in the meantime: try again");
  }
  close_source(std::move(now), file);
  record::write_tsv(log, file);
}

}  // namespace malet::sweep
