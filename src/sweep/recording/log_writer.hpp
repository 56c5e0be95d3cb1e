#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text/time_text.hpp"
#include "malet/config_iter.hpp"
#include "malet/experiment_log.hpp"
#include "plan/grid.hpp"
#include "record/journal/journal.hpp"
#include "record/journal/journal_record.hpp"
#include "record/table/key_text.hpp"
#include "record/table/table.hpp"
#include "sweep/recording/series_log.hpp"

namespace malet::sweep {

/// What a row says of a config.
struct RowContent {
  base::Micros at{};        ///< of the last update, since the epoch
  base::Micros duration{};  ///< over all attempts
  char status = 'R';
  const Metrics* metrics = nullptr;
};

/// What a snapshot of a log is made of. Nobody changes it, so that any thread can write it.
struct LogSnapshot {
  std::filesystem::path file;
  std::string header;
  record::Table table;
  std::vector<std::uint64_t> row_indices;  ///< as LogWriter has them
  SeriesPieces series = {};                ///< what the next segment is made of
  base::Descriptor journal = {};           ///< to be on disk before the segment is
  std::string flaw = {};                   ///< why nothing may be written

  /// Writes the file, rows in grid order and rows of foreign configs last; before it the segment,
  /// which the log speaks of. Throws Error(internal).
  /// \param last_check called right before the file is replaced; when it throws it is not.
  [[nodiscard]] record::FileMark write(const std::function<void()>& last_check = {}) const;
};

/// One log that is being written: rows by config index, straight into the table's text, what
/// happens into the journal, and snapshots of the table.
class LogWriter {
 public:
  /// \param log as read (and carried over), or new with its columns.
  /// \param row_indices per row the config's first index, or no_index.
  /// \param commit_hash what new rows say; may be empty.
  LogWriter(ExperimentLog log, std::vector<std::uint64_t> row_indices, const ConfigIter& configs,
            std::string commit_hash);
  /// From now on series of numbers go to HDF5, and cells have their last values.
  void keep_series_apart();
  [[nodiscard]] bool keeps_series_apart() const { return series_.has_value(); }

  /// Makes or replaces the row of a run that is in progress; the journal knows of it otherwise.
  void put(std::uint64_t index, const RowContent& content);
  /// Makes or replaces the row of a run that has ended.
  /// \param series names of those metrics that are as the run's steps made them.
  void put_end(std::uint64_t index, const RowContent& content,
               const std::vector<std::string>& series = {});
  /// The run whose row was put last has not begun after all: its row goes.
  void forget(std::uint64_t index);
  /// A run has begun, at that time since the epoch; may be said again.
  void note_start(std::uint64_t index, base::Micros at);
  /// A run that has begun has reported a step; `before` is what its series were before it.
  void note_step(std::uint64_t index, record::StepRecord::Kind kind, const Metrics& before,
                 const Metrics& step);
  /// Puts the row that another log has of a run which is to go on here, into the journal as well,
  /// with the series that were adopted: what it reports then goes on behind them.
  void put_learned(std::uint64_t index, const RowContent& content);
  // Where series are kept apart:
  /// Appends a step of numbers alone of a run that has reported before; false for any other one.
  [[nodiscard]] bool append_numbers(std::uint64_t index, const Metrics& step) {
    return series_ && series_->append(index, step);
  }
  /// A run reports, or ends, for the first time in this attempt. `kept` is what earlier ones left,
  /// which its series go on with, or begin anew.
  void begin_series(std::uint64_t index, bool goes_on, Metrics& kept);
  [[nodiscard]] bool has_series(std::uint64_t index) const {
    return series_ && series_->has_run(index);
  }
  /// Takes the series of numbers out of a step.
  void take_numbers(std::uint64_t index, bool replaces, Metrics& live, Metrics& step);
  /// Sets the last values of a run's series, as its row is to have them.
  void add_last_values(std::uint64_t index, Metrics& metrics) const;
  /// A run's row is put, after which it runs again in this job or not.
  void end_series(std::uint64_t index, bool may_return);
  /// Takes over the series that another log has of a run.
  void adopt_series(std::uint64_t index, const record::SeriesByRun& other);
  /// Puts whole series in the place of the last values that earlier attempts left.
  void complete_series(std::uint64_t index, Metrics& left);
  /// Writes what runs reported to the journal.
  void note_series();
  /// Makes one file of the segments. Throws Error.
  void compact_series(const std::function<void()>& last_check) const;

  /// Why a metric of that name cannot be a column here, as the end of a sentence; empty where it
  /// can.
  [[nodiscard]] std::string_view refusal(std::string_view metric) const;
  /// Whether the table differs from the last snapshot.
  [[nodiscard]] bool changed() const { return changed_; }
  void mark_changed() { changed_ = true; }

  /// Writes a snapshot. Throws Error(internal).
  void snapshot(const std::function<void()>& last_check = {});
  /// What a snapshot is made of, for another thread; end_snapshot or fail_snapshot follows.
  [[nodiscard]] LogSnapshot begin_snapshot();
  /// The snapshot is written: the journal goes on from it. Throws Error(internal), and then goes on
  /// as it was.
  /// \param last_check called right before the journal begins anew.
  void end_snapshot(const record::FileMark& written, const std::function<void()>& last_check = {});
  void fail_snapshot() { changed_ = true; }

  /// From now on what happens is written to the journal, which begins anew behind the log as it is
  /// on disk. Throws Error(internal).
  void begin_journal();
  /// Its journal, while it has one.
  [[nodiscard]] record::Journal* journal() { return journal_ ? &*journal_ : nullptr; }
  /// The last snapshot holds everything: the journal goes.
  void close_journal();
  [[nodiscard]] const ExperimentLog& log() const { return log_; }

 private:
  /// Where a grid column's cells come from: a field of the grid, or a fixed text.
  struct GridColumn {
    std::optional<std::size_t> axis;
    std::string fixed;
  };

  /// How things stood when the last snapshot was begun.
  struct Mark {
    std::uint64_t journal_end = 0;
    std::size_t metric_columns = 0;
    std::string starts;      // records of runs in progress
    std::size_t pieces = 0;  // of series
  };

  std::size_t metric_column(std::string_view name, std::size_t guess);
  void store(std::uint64_t index, bool complete);
  void write_cells(const RowContent& content);
  void write_grid_line(std::uint64_t index);
  void write_line(std::uint64_t index);
  [[nodiscard]] std::vector<std::size_t> clear_cells(const std::vector<std::string>& names);
  [[nodiscard]] std::string journal_beginning() const;
  [[nodiscard]] std::uint64_t run_of(std::uint64_t index);
  void append_ended_row(std::uint64_t index, const std::vector<std::string>& series);

  ExperimentLog log_;
  std::vector<std::uint64_t> row_indices_;
  ConfigIter configs_;
  std::string commit_hash_;
  std::vector<GridColumn> grid_columns_;
  std::size_t info_columns_[4] = {};
  std::unordered_map<std::uint64_t, std::size_t> rows_;  // of configs that may be put again
  std::vector<const GridValue*> values_;                 // scratch
  std::vector<std::string> cells_;                       // scratch, one per metric column
  std::string line_;                                     // scratch
  base::DatetimeWriter datetime_;
  bool changed_ = false;
  std::optional<record::Journal> journal_;
  std::unordered_map<std::uint64_t, std::string> starts_;  // records of runs in progress
  std::optional<record::FileMark> on_disk_;                // the last snapshot
  Mark mark_;
  std::optional<SeriesLog> series_;
  std::optional<record::RunIds> run_ids_;  // where there are series
};

}  // namespace malet::sweep
