#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malet/value.hpp"
#include "record/journal/journal_record.hpp"
#include "record/log/series_views.hpp"
#include "record/series/series_segments.hpp"
#include "sweep/recording/live_runs.hpp"

namespace malet::sweep {

/// What goes into a log's next segment; pieces do not change.
using SeriesPieces = std::vector<std::shared_ptr<const record::SeriesPiece>>;

/// Writes the series of numbers of one log to HDF5: takes them out of the steps of runs, puts them
/// into the journal, and has them wait for the next segment.
class SeriesWriter {
 public:
  /// \param log the log's file.
  /// \param stored what is stored already, or nullptr.
  SeriesWriter(std::filesystem::path log, std::shared_ptr<const record::SeriesByRun> stored)
      : log_(std::move(log)), stored_(std::move(stored)) {}

  /// Begins a run's series: they go on with what is there, which is taken out of `kept`, or anew.
  void begin(LiveRun& run, std::uint64_t index, std::uint64_t run_id, bool goes_on, Metrics& kept);
  /// Appends a step of nothing but numbers, of metrics that the run has series of; false, and
  /// nothing is done, for any other one.
  [[nodiscard]] bool append(RunSeries& run, const Metrics& step);
  /// Takes the series of numbers out of a step, or an end, and writes them to the journal. A series
  /// that this makes one of other things goes to `live`.
  void take(RunSeries& run, bool replaces, Metrics& live, Metrics& step, std::string& journal);

  /// Writes what was appended to the journal.
  static void note(RunSeries& run, std::string& journal);
  /// The same for all runs.
  void note_all(LiveRuns& runs, std::string& journal);
  /// Writes all that a run has to the journal, wherever it is kept so far.
  void note_whole(const RunSeries& run, std::string& journal) const;
  /// Has what a run got, and noted, go into the next segment.
  void collect(RunSeries& run);

  /// Takes over what another log has of a run that is to go on here.
  void adopt(LiveRun& run, std::uint64_t index, std::uint64_t run_id,
             const record::SeriesByRun& other);
  /// Puts whole series in the place of last values, for a run that is to go on.
  void complete(const LiveRun* run, std::uint64_t run_id, Metrics& last_values) const;

  /// What waits for a segment.
  [[nodiscard]] const SeriesPieces& waiting() const { return waiting_; }
  /// The first so many of those are in a segment.
  void written(std::size_t pieces) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(pieces));
  }

 private:
  using Series = RunSeries::Series;

  void add_piece(std::uint64_t run_id, const std::string& name, record::NumberSeries values);
  void replace(RunSeries& run, Metrics& live, const std::string& name, const Value& value,
               std::string& journal);
  void spill(RunSeries& run, Metrics& live, const std::string& name, std::string& journal);
  [[nodiscard]] bool append_value(RunSeries& run, Metrics& live, const std::string& name,
                                  const Value& value, std::string& journal);
  [[nodiscard]] RunSeries known(const LiveRun* run, std::uint64_t run_id) const;
  [[nodiscard]] record::NumberSeries whole(std::uint64_t run_id, const Series& series) const;

  std::filesystem::path log_;
  std::shared_ptr<const record::SeriesByRun> stored_;
  std::vector<std::uint64_t> dirty_;  // runs to which something was appended
  std::vector<Series*> targets_;      // scratch
  SeriesPieces waiting_;
};

/// Sets the last values of a run's series, as its row has them.
void add_last_values(const RunSeries& run, Metrics& metrics);

}  // namespace malet::sweep
