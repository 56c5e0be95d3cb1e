#include "sweep/recording/log_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/text_parts.hpp"
#include "record/journal/run_series.hpp"
#include "record/log/log_access.hpp"
#include "record/log/series_upkeep.hpp"

namespace malet::sweep {

namespace {

using StepKind = record::StepRecord::Kind;

/// An interrupted run counts as failed, since nobody runs it any more; its attempt says why.
char status_of(RunEnd end) {
  return end == RunEnd::complete ? 'C' : 'F';
}

/// Names in `metrics` that are missing from `others`.
std::vector<std::string> names_but(const Metrics& metrics, const Metrics& others) {
  std::vector<std::string> names;
  for (const auto& [name, value] : metrics) {
    if (others.find(name) == nullptr) names.push_back(name);
  }
  return names;
}

bool has_list(const Metrics& metrics) {
  return std::any_of(metrics.begin(), metrics.end(),
                     [](const auto& item) { return item.second.is_list(); });
}

RowContent row_of(const Earlier& earlier) {
  const Value* at = earlier.info.find("datetime");
  const auto when = base::parse_datetime(at == nullptr ? std::string() : to_cell(*at));
  return {when.value_or(Micros(0)), earlier.duration, 'F', &earlier.metrics};
}

}  // namespace

void LogWriter::keep_series_apart() {
  series_.emplace(log().logs_file(), record::series_of(log()));
  run_ids_.emplace(log().static_configs(), log().grid_fields());
}

std::uint64_t LogWriter::run_id_of(std::uint64_t index) {
  return run_ids_->of_line(rows_.grid_line(index));
}

void LogWriter::take(RunRecord& record, bool may_return) {
  if (record.is_step && !record.replaces && series_) {
    // Most steps are numbers of metrics that their run has seen.
    LiveRun* run = runs_.find(record.index);
    const bool has_series = run != nullptr && run->has_reported && run->series;
    if (has_series && series_->append(*run->series, record.metrics)) return;
  }
  check_names(record);
  if (record.is_step) {
    take_step(runs_[record.index], record);
  } else {
    take_end(record, may_return);
  }
}

/// Takes metrics out whose names cannot be columns; with any of them a run will have failed.
void LogWriter::check_names(RunRecord& record) {
  std::erase_if(record.metrics, [&](const auto& metric) {
    const std::string& name = metric.first;
    if (std::find(accepted_.begin(), accepted_.end(), name) != accepted_.end()) return false;
    const std::string_view refusal = rows_.refusal(name);
    if (refusal.empty()) {
      accepted_.push_back(name);
      return false;
    }
    std::string& refused = runs_[record.index].refused;
    if (refused.empty()) {
      refused = fmt::format("the metric {} {}: rename it", base::quoted_name(name), refusal);
    }
    return true;
  });
  if (record.is_step || record.end == RunEnd::failed) return;
  LiveRun* run = runs_.find(record.index);
  if (run == nullptr || run->refused.empty()) return;
  record.end = RunEnd::failed;
  record.error = std::move(run->refused);
  if (record.attempt) record.attempt->reason = EndReason::error;
}

/// A run reports for the first time in this attempt: `metrics` is what its row is to go on with.
void LogWriter::begin_report(LiveRun& run, const RunRecord& record, bool goes_on,
                             Metrics& metrics) {
  run.has_reported = true;
  note_start(record.index, base::now());
  if (series_) series_->begin(run, record.index, run_id_of(record.index), goes_on, metrics);
  // What earlier attempts left is gone; where steps are appended in cells the first one says so.
  if (!goes_on && (series_ || record.replaces)) note_step(record.index, StepKind::fresh, {}, {});
}

void LogWriter::take_step(LiveRun& run, RunRecord& record) {
  const bool is_new = !run.has_reported;
  if (is_new) {
    const Earlier* earlier = record.keeps_series ? runs_.earlier(record.index) : nullptr;
    if (earlier != nullptr) run.metrics = earlier->metrics;
    begin_report(run, record, record.keeps_series, run.metrics);
  }
  if (series_) {
    series_->take(*run.series, record.replaces, run.metrics, record.metrics, journal_text());
    if (record.metrics.empty()) return;
  }
  const bool is_fresh = is_new && !record.keeps_series && !series_;
  note_step(record.index,
            record.replaces ? StepKind::set
            : is_fresh      ? StepKind::fresh
                            : StepKind::more,
            run.metrics, record.metrics);
  if (record.replaces) {
    record::replace_values(run.metrics, record.metrics);
  } else {
    record::append_step(run.metrics, record.metrics);
  }
}

/// What the row of a run that has ended is to have. `series`: names of those metrics that are as
/// the run's steps made them.
Metrics LogWriter::end_metrics(RunRecord& record, std::vector<std::string>& series) {
  Metrics metrics;
  const bool goes_on = record.keeps_series || record.end != RunEnd::complete;
  const Earlier* earlier = runs_.earlier(record.index);
  LiveRun* run = runs_.find(record.index);
  const bool has_reported = run != nullptr && run->has_reported;
  if (has_reported) {
    metrics = std::move(run->metrics);
    if (!series_) series = names_but(metrics, record.metrics);
  } else if (goes_on && earlier != nullptr) {
    // A run that failed before its first step leaves what there was.
    metrics = earlier->metrics;
  }
  const bool has_series =
      series_ && (has_reported || earlier != nullptr || has_list(record.metrics));
  if (has_series) {
    run = &runs_[record.index];
    if (!has_reported) begin_report(*run, record, goes_on, metrics);
    series_->take(*run->series, true, metrics, record.metrics, journal_text());
  }
  if (metrics.empty()) {
    metrics = std::move(record.metrics);
  } else {
    for (auto& [name, value] : record.metrics) metrics.set(name, std::move(value));
  }
  if (has_series) add_last_values(*run->series, metrics);
  return metrics;
}

void LogWriter::take_end(RunRecord& record, bool may_return) {
  std::vector<std::string> series;
  Metrics metrics = end_metrics(record, series);
  RowContent row{record.at, record.duration, status_of(record.end), &metrics};
  std::uint64_t attempts = 1;
  if (const Earlier* earlier = runs_.earlier(record.index)) {
    row.duration += earlier->duration;
    attempts += earlier->attempts;
  }
  if (record.end == RunEnd::interrupted && !record.attempt) {
    record.attempt = Attempt{attempts, 0, record.at - record.duration, EndReason::cancelled};
  }
  put_end(record.index, row, series);
  if (!may_return || record.end != RunEnd::failed) return runs_.end(record.index);
  runs_.reset(record.index);
  Metrics info = {{"datetime", Value(base::datetime_text(record.at))}};
  runs_.set_earlier(record.index, {0, std::move(metrics), std::move(info), row.duration, attempts});
}

void LogWriter::put(std::uint64_t index, const RowContent& content) {
  changed_ = true;
  LiveRun* run = runs_.find(index);
  const bool has_series = run != nullptr && run->series;
  if (has_series && journal_) SeriesWriter::note(*run->series, journal_->pending());
  (void)rows_.put(index, content);
  if (has_series) series_->collect(*run->series);
}

void LogWriter::put_end(std::uint64_t index, const RowContent& content,
                        const std::vector<std::string>& series) {
  changed_ = true;
  std::string_view line = rows_.put(index, content);
  LiveRun* run = runs_.find(index);
  std::vector<std::size_t> columns;
  std::vector<std::size_t> lengths;
  if (run != nullptr && run->series) {
    SeriesWriter::note(*run->series, journal_text());
    std::vector<std::string> names;
    for (const RunSeries::Series& one : run->series->series) {
      if (one.values.size() == 0) continue;
      names.push_back(one.name);
      lengths.push_back(one.values.size());
    }
    columns = rows_.columns_of(names);
    series_->collect(*run->series);
  } else if (!series.empty() && journal_) {
    columns = rows_.columns_of(series);
    std::sort(columns.begin(), columns.end());
    line = rows_.line_without(index, series);
  }
  if (!journal_) return;
  note_columns();
  record::append_row(journal_->pending(), index, columns, line, lengths);
}

void LogWriter::put_running(std::uint64_t index, base::Micros lasted, char status) {
  LiveRun& run = runs_[index];
  const Earlier* earlier = runs_.earlier(index);
  Metrics metrics;
  if (run.has_reported) {
    metrics = run.metrics;
  } else if (earlier != nullptr) {
    metrics = earlier->metrics;
  }
  if (run.has_reported && run.series) add_last_values(*run.series, metrics);
  if (earlier != nullptr) lasted += earlier->duration;
  put(index, {base::now(), lasted, status, &metrics});
  run.is_shown = true;
}

void LogWriter::forget(const IndexRange& range) {
  std::vector<std::uint64_t> forgotten;
  for (const auto& [index, run] : runs_.all()) {
    const std::uint64_t offset = index - range.first;
    const bool is_in =
        index >= range.first && offset % range.step == 0 && offset / range.step < range.count;
    if (is_in && run.is_shown) forgotten.push_back(index);
  }
  for (const std::uint64_t index : forgotten) {
    changed_ = true;
    rows_.drop(index);
    runs_.reset(index);
    if (const Earlier* earlier = runs_.earlier(index)) put(index, row_of(*earlier));
  }
}

void LogWriter::note_start(std::uint64_t index, base::Micros at) {
  LiveRun& run = runs_[index];
  run.is_shown = true;
  if (!journal_ || !run.start.empty()) return;
  record::append_start(run.start, {index, at, rows_.grid_line(index)});
  journal_->pending() += run.start;
}

void LogWriter::note_step(std::uint64_t index, StepKind kind, const Metrics& before,
                          const Metrics& step) {
  if (!journal_) return;
  record::StepRecord record{index, kind, {}, step};
  for (const auto& [name, value] : step) {
    record.positions.push_back(record::series_length(before, name));
  }
  record::append_step(journal_->pending(), record);
}

/// What is appended to this goes to the journal, while there is one.
std::string& LogWriter::journal_text() {
  unjournaled_.clear();
  return journal_ ? journal_->pending() : unjournaled_;
}

/// Columns stand in the journal before the first row that has them.
void LogWriter::note_columns() {
  const auto& names = rows_.metric_fields();
  for (; noted_columns_ < names.size(); ++noted_columns_) {
    record::append_column(journal_->pending(), names[noted_columns_]);
  }
}

void LogWriter::adopt(std::uint64_t index) {
  const Earlier& earlier = *runs_.earlier(index);
  put(index, row_of(earlier));
  if (earlier.series && series_) {
    series_->adopt(runs_[index], index, run_id_of(index), *earlier.series);
  }
}

void LogWriter::learn(std::uint64_t index) {
  const Earlier& earlier = *runs_.earlier(index);
  RowContent row = row_of(earlier);
  Metrics metrics = earlier.metrics;
  row.metrics = &metrics;
  note_start(index, row.at);
  if (series_) {
    LiveRun& run = runs_[index];
    if (earlier.series) series_->adopt(run, index, run_id_of(index), *earlier.series);
    series_->begin(run, index, run_id_of(index), true, metrics);
    if (journal_) series_->note_whole(*run.series, journal_->pending());
    add_last_values(*run.series, metrics);
  }
  put_end(index, row, {});
  runs_.reset(index);
}

Metrics LogWriter::earlier_metrics(std::uint64_t index) {
  const Earlier* earlier = runs_.earlier(index);
  Metrics metrics = earlier == nullptr ? Metrics() : earlier->metrics;
  if (series_) series_->complete(runs_.find(index), run_id_of(index), metrics);
  return metrics;
}

void LogWriter::note_series() {
  if (series_ && journal_) series_->note_all(runs_, journal_->pending());
}

const record::Journal* LogWriter::flush() {
  note_series();
  const bool is_written = journal_ && !journal_->pending().empty() && journal_->flush();
  return is_written ? &*journal_ : nullptr;
}

std::string LogWriter::journal_warning() const {
  return journal_ ? journal_->why() : std::string();
}

void LogWriter::snapshot(const std::function<void()>& last_check) {
  const LogSnapshot content = begin_snapshot();
  try {
    end_snapshot(content.write(last_check), last_check);
  } catch (...) {
    changed_ = true;
    throw;
  }
}

LogSnapshot LogWriter::begin_snapshot() {
  changed_ = false;
  note_series();
  if (journal_) note_columns();
  mark_ = {journal_ ? journal_->end() : 0, rows_.metric_fields().size(), {}, 0};
  for (const auto& [index, run] : runs_.all()) mark_.starts += run.start;
  LogSnapshot content{log().logs_file(), log().header(), record::table_of(log()),
                      rows_.row_indices()};
  if (!series_ || series_->waiting().empty()) return content;
  content.series = series_->waiting();
  mark_.pieces = content.series.size();
  // A segment must not know more than a journal that the system loses the end of.
  if (journal_ && !journal_->flush()) content.flaw = journal_->why();
  if (journal_) content.journal = journal_->duplicate();
  return content;
}

void LogWriter::end_snapshot(const record::FileMark& written,
                             const std::function<void()>& last_check) {
  on_disk_ = written;
  if (series_) series_->written(mark_.pieces);
  mark_.pieces = 0;
  if (journal_) journal_->restart(journal_beginning(), mark_.journal_end, last_check);
}

void LogWriter::compact_series(const std::function<void()>& last_check) const {
  if (series_) (void)record::compact_series(log(), last_check);
}

void LogWriter::begin_journal() {
  if (!on_disk_) on_disk_ = record::mark_of(base::read_file(log().logs_file()));
  noted_columns_ = rows_.metric_fields().size();
  mark_ = {0, noted_columns_, {}, 0};
  journal_.emplace(base::paths::journal(log().logs_file()), journal_beginning());
}

/// What a journal begins with that goes on from the last snapshot.
std::string LogWriter::journal_beginning() const {
  record::JournalHeader header{*on_disk_, log().grid_fields(), log().metric_fields(),
                               series_.has_value()};
  header.metric_fields.resize(mark_.metric_columns);
  std::string text;
  record::append_header(text, header);
  return text + mark_.starts;
}

void LogWriter::close_journal() {
  if (journal_) journal_->remove();
  journal_.reset();
  for (auto& [index, run] : runs_.all()) run.start.clear();
}

}  // namespace malet::sweep
