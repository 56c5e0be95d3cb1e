#include "record/log/log_access.hpp"
#include "record/log/series_upkeep.hpp"
#include "sweep/recording/log_writer.hpp"

// The series of a log that is being written, where they are kept in HDF5: SeriesLog has them, and
// this ties it to the log's journal and rows.
namespace malet::sweep {

void LogWriter::keep_series_apart() {
  series_.emplace(log_.logs_file(), record::series_of(log_));
  run_ids_.emplace(log_.static_configs(), log_.grid_fields());
}

std::uint64_t LogWriter::run_of(std::uint64_t index) {
  write_grid_line(index);
  return run_ids_->of_line(line_);
}

void LogWriter::begin_series(std::uint64_t index, bool goes_on, Metrics& kept) {
  series_->begin(index, run_of(index), goes_on, kept);
}

void LogWriter::take_numbers(std::uint64_t index, bool replaces, Metrics& live, Metrics& step) {
  std::string unjournaled;
  series_->take(index, replaces, live, step, journal_ ? journal_->pending() : unjournaled);
}

void LogWriter::add_last_values(std::uint64_t index, Metrics& metrics) const {
  if (series_) series_->add_last_values(index, metrics);
}

void LogWriter::end_series(std::uint64_t index, bool may_return) {
  if (series_) series_->end(index, may_return);
}

void LogWriter::adopt_series(std::uint64_t index, const record::SeriesByRun& other) {
  series_->adopt(index, run_of(index), other);
}

void LogWriter::put_learned(std::uint64_t index, const RowContent& content) {
  note_start(index, content.at);
  Metrics metrics = *content.metrics;
  if (series_) {
    series_->begin(index, run_of(index), true, metrics);
    if (journal_) series_->note_whole(index, journal_->pending());
    series_->add_last_values(index, metrics);
  }
  put_end(index, {content.at, content.duration, content.status, &metrics}, {});
  if (series_) series_->end(index, true);
}

void LogWriter::complete_series(std::uint64_t index, Metrics& left) {
  if (series_) series_->complete(index, run_of(index), left);
}

void LogWriter::note_series() {
  if (series_ && journal_) series_->note_all(journal_->pending());
}

void LogWriter::compact_series(const std::function<void()>& last_check) const {
  if (series_) (void)record::compact_series(log_, last_check);
}

}  // namespace malet::sweep
