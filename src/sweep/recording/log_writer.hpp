#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malet/config_iter.hpp"
#include "malet/experiment_log.hpp"
#include "record/journal/journal.hpp"
#include "record/journal/journal_record.hpp"
#include "record/table/key_text.hpp"
#include "sweep/channel/message.hpp"
#include "sweep/recording/live_runs.hpp"
#include "sweep/recording/log_rows.hpp"
#include "sweep/recording/log_snapshot.hpp"
#include "sweep/recording/series_writer.hpp"

namespace malet::sweep {

/// One log that is being written. What its runs report goes one way: steps into the journal (and
/// numbers of series, where they are kept in HDF5, on to the next segment), ends into a row of the
/// table and the journal; snapshots of the table and the segments are what replaces the journal.
class LogWriter {
 public:
  /// The same as LogRows takes.
  LogWriter(ExperimentLog log, std::vector<std::uint64_t> row_indices, const ConfigIter& configs,
            std::string commit_hash)
      : rows_(std::move(log), std::move(row_indices), configs, std::move(commit_hash)) {}
  /// From now on series of numbers go to HDF5, and cells have their last values.
  void keep_series_apart();
  [[nodiscard]] bool keeps_series_apart() const { return series_.has_value(); }
  [[nodiscard]] const ExperimentLog& log() const { return rows_.log(); }
  /// What is known of its runs; earlier attempts are told here before anything else.
  [[nodiscard]] LiveRuns& runs() { return runs_; }
  [[nodiscard]] const LiveRuns& runs() const { return runs_; }

  /// Takes a step or an end, as Recorder does.
  /// \param may_return whether the run, when it has failed, may run again in this job.
  void take(RunRecord& record, bool may_return);
  /// A run has begun, at that time since the epoch; may be said again.
  void note_start(std::uint64_t index, base::Micros at);
  /// Makes or replaces the row of a run that is in progress, and has been for so long.
  void put_running(std::uint64_t index, base::Micros lasted, char status);
  /// Makes or replaces a row that the journal knows of otherwise.
  void put(std::uint64_t index, const RowContent& content);
  /// The runs of these configs have not begun after all: their rows go.
  void forget(const IndexRange& range);

  /// Takes a row, and series, that another log has of a config which is to run again.
  void adopt(std::uint64_t index);
  /// The same for a config whose other attempts are learned of now: the journal has them, too, so
  /// that what it reports goes on behind them.
  void learn(std::uint64_t index);
  /// What earlier attempts of a config reported, with whole series.
  [[nodiscard]] Metrics earlier_metrics(std::uint64_t index);

  /// Whether the table differs from the last snapshot.
  [[nodiscard]] bool changed() const { return changed_; }
  void mark_changed() { changed_ = true; }
  /// Writes a snapshot. Throws Error(internal).
  void snapshot(const std::function<void()>& last_check = {});
  /// What a snapshot is made of, for another thread; end_snapshot or mark_changed follows.
  [[nodiscard]] LogSnapshot begin_snapshot();
  /// The snapshot is written: the journal goes on from it. Throws Error(internal), and then goes on
  /// as it was.
  /// \param last_check called right before the journal begins anew.
  void end_snapshot(const record::FileMark& written, const std::function<void()>& last_check = {});
  /// Makes one file of the segments. Throws Error.
  void compact_series(const std::function<void()>& last_check) const;

  /// From now on what happens is written to the journal, which begins anew behind the log as it is
  /// on disk. Throws Error(internal).
  void begin_journal();
  /// Writes what came to the journal: nullptr when there is nothing, or it cannot be written.
  [[nodiscard]] const record::Journal* flush();
  /// Why the journal could not be written just now; empty while it can.
  [[nodiscard]] std::string journal_warning() const;
  /// The last snapshot holds everything: the journal goes.
  void close_journal();

 private:
  /// How things stood when the last snapshot was begun.
  struct Mark {
    std::uint64_t journal_end = 0;
    std::size_t metric_columns = 0;
    std::string starts;      // records of runs in progress
    std::size_t pieces = 0;  // of series
  };

  void check_names(RunRecord& record);
  void take_step(LiveRun& run, RunRecord& record);
  void take_end(RunRecord& record, bool may_return);
  void begin_report(LiveRun& run, const RunRecord& record, bool goes_on, Metrics& metrics);
  [[nodiscard]] Metrics end_metrics(RunRecord& record, std::vector<std::string>& series);
  void note_step(std::uint64_t index, record::StepRecord::Kind kind, const Metrics& before,
                 const Metrics& step);
  void put_end(std::uint64_t index, const RowContent& content,
               const std::vector<std::string>& series);
  void note_columns();
  void note_series();
  [[nodiscard]] std::string& journal_text();
  [[nodiscard]] std::uint64_t run_id_of(std::uint64_t index);
  [[nodiscard]] std::string journal_beginning() const;

  LogRows rows_;
  LiveRuns runs_;
  bool changed_ = false;
  std::vector<std::string> accepted_;  // metric names seen to be fine
  std::optional<record::Journal> journal_;
  std::string unjournaled_;                  // scratch, while there is no journal
  std::size_t noted_columns_ = 0;            // how many metric columns the journal has
  std::optional<record::FileMark> on_disk_;  // the last snapshot
  Mark mark_;
  std::optional<SeriesWriter> series_;
  std::optional<record::RunIds> run_ids_;  // where there are series
};

}  // namespace malet::sweep
