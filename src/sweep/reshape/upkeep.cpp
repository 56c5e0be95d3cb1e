#include "sweep/reshape/upkeep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "base/claims/writer_holder.hpp"
#include "base/claims/writer_lock.hpp"
#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "malet/error.hpp"
#include "malet/experiment.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/log/series_upkeep.hpp"
#include "record/log/series_views.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/resplit_intent.hpp"
#include "sweep/folder/row_matcher.hpp"
#include "sweep/folder/writers.hpp"
#include "sweep/recording/attempt_log.hpp"
#include "sweep/recording/log_snapshot.hpp"

namespace malet::sweep {

namespace {

/// The attempt that a killed job made at a config.
RunRecord lost_attempt(const Folder& folder, std::size_t log, std::uint32_t row) {
  const record::Table& table = record::table_of(folder.logs[log]);
  const auto column = table.column("datetime");
  RunRecord record;
  record.index = folder.row_indices[log][row];
  record.end = RunEnd::interrupted;
  record.at =
      column ? base::parse_datetime(table.cell(row, *column)).value_or(Micros(0)) : Micros(0);
  record.attempt.emplace();
  record.attempt->number = folder.history_of(record.index).count + 1;
  record.attempt->started = record.at;
  record.attempt->reason = EndReason::host_lost;
  return record;
}

void note_lost(const Folder& folder, std::size_t log) {
  AttemptLog attempts({folder.log_paths[log]}, folder.configs, {});
  for (const std::uint32_t row : folder.states[log].lost_rows) {
    if (folder.row_indices[log][row] == no_index) continue;
    const RunRecord lost = lost_attempt(folder, log, row);
    const AttemptHistory history = folder.history_of(lost.index);
    // A job that was killed just here has said so already.
    if (history.is_lost && history.finished == base::datetime_text(lost.at)) continue;
    attempts.add({}, lost);
  }
  attempts.flush();
}

/// Writes a log. One that was carried over to other fields is written with its own fields, as its
/// journal has them: after a kill before the journal is removed the two still fit.
void write_as_it_is(const Folder& folder, std::size_t log) {
  const auto& path = folder.log_paths[log];
  if (!folder.states[log].is_carried) {
    const ExperimentLog& content = folder.logs[log];
    const record::Table& table = record::table_of(content);
    (void)LogSnapshot{path, content.header(), table, folder.row_indices[log]}.write();
    return;
  }
  ExperimentLog own = record::read_log(path).log;
  for (const std::uint32_t row : folder.states[log].lost_rows) record::set_status(own, row, "F");
  own.to_tsv();
}

void close_log(const Folder& folder, std::size_t log) {
  const auto& path = folder.log_paths[log];
  note_lost(folder, log);  // first: a row alone does not tell it from a failed one
  try {
    if (const auto& series = record::series_of(folder.logs[log])) {
      record::write_segment(path, series->unstored());
    }
    write_as_it_is(folder, log);
  } catch (const Error& error) {
    throw Error(ErrorKind::bad_input, error.what());
  }
  std::error_code ignored;
  std::filesystem::remove(base::paths::journal(path), ignored);
}

/// Removes files that a killed job had not finished.
void remove_halves(const std::filesystem::path& log) {
  base::remove_temporaries(log);
  base::remove_temporaries(base::paths::journal(log));
  base::remove_temporaries(base::paths::series(log));
  base::remove_temporaries_in(base::paths::series_segments(log));
}

bool is_open(const Folder::LogState& state) {
  return state.has_journal || !state.lost_rows.empty();
}

/// How many runs' series are left out.
std::size_t count_dropped(const ExperimentLog& log) {
  if (!record::series_of(log)) return 0;
  const record::SeriesStore& store = record::series_of(log)->store();
  const record::RunCounts runs = record::count_runs(log, store);
  if (runs.unknown > 0 && runs.unknown == runs.all) {
    store.fail(
        fmt::format("has series of {} runs, none of which {} has, so that all would be dropped: "
                    "the log is another experiment's or a static config was edited, put the log "
                    "back that belongs to it",
                    runs.all, log.logs_file().filename().string()));
  }
  return runs.unknown;
}

}  // namespace

bool is_left_open(const Folder& folder) {
  return std::any_of(folder.states.begin(), folder.states.end(), is_open);
}

void take_over_logs(Folder& folder, const std::filesystem::path& own_log, bool only_own) {
  remove_halves(own_log);
  if (!only_own) remove_unfinished_resplit(folder.path);
  for (std::size_t log = 0; log < folder.logs.size(); ++log) {
    Folder::LogState& state = folder.states[log];
    const auto& path = folder.log_paths[log];
    if (state.is_written || (only_own && path != own_log)) continue;
    remove_halves(path);
    if (!is_open(state)) continue;
    close_log(folder, log);
    state.has_journal = false;
  }
}

void close_dead_log(const Folder& folder, const std::filesystem::path& log) {
  const auto holder = base::holder_of(base::paths::writer(log));
  if (!holder || holder->alive || !std::filesystem::exists(log)) return;
  const base::WriterLock lock(log, {base::WriterMode::queue, {}});
  // The attempts of all logs, since those that were lost are numbered on.
  const auto all = base::paths::existing_logs(folder.path);
  Folder one = read_some_logs(folder, {log}, all, &lock.writer());
  take_over_logs(one, log, true);
}

bool close_dead_logs(const Folder& folder, const std::vector<std::filesystem::path>& logs,
                     std::chrono::seconds patience) {
  bool are_closed = true;
  const auto until = std::chrono::steady_clock::now() + patience;
  for (const auto& log : logs) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    try {
      while_refused(left, [&] { close_dead_log(folder, log); });
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::refused) throw;
      are_closed = false;
    }
  }
  return are_closed;
}

std::vector<CompactedLog> compact_folder(const std::filesystem::path& exp_folder,
                                         bool drop_unknown) {
  const auto lock = take_folder(exp_folder);
  refuse_orphans(exp_folder);
  std::vector<CompactedLog> compacted;
  for (const auto& log : base::paths::existing_logs(exp_folder)) {
    const auto use = drop_unknown ? record::SeriesUse::known : record::SeriesUse::checked;
    const ExperimentLog content = record::read_log(log, use).log;
    if (!record::SeriesStore::exists(log)) continue;
    const std::size_t dropped = drop_unknown ? count_dropped(content) : 0;
    if (record::compact_series(content, {}, drop_unknown)) compacted.push_back({log, dropped});
  }
  return compacted;
}

}  // namespace malet::sweep

namespace malet {

std::size_t Experiment::set_log_status_as_failed(const std::filesystem::path& exp_folder) {
  const auto lock = sweep::take_folder(exp_folder);
  sweep::Folder folder = sweep::open_folder(exp_folder, &lock->writer());
  std::size_t failed = 0;
  for (const auto& state : folder.states) failed += state.lost_rows.size();
  sweep::take_over_logs(folder, base::paths::log(exp_folder), false);
  return failed;
}

}  // namespace malet
