#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "malet/value.hpp"
#include "record/journal/journal_record.hpp"
#include "record/log/series_views.hpp"
#include "record/series/series_segments.hpp"
#include "record/table/number_series.hpp"

namespace malet::sweep {

/// What goes into a log's next segment; pieces do not change.
using SeriesPieces = std::vector<std::shared_ptr<const record::SeriesPiece>>;

/// The series of numbers of one log that is being written, which go to HDF5: from the steps of runs
/// into the journal, and from there on waiting for the next segment.
///
/// A run is known by its config's index; the first time its run_id must be told.
class SeriesLog {
 public:
  /// \param log the log's file.
  /// \param stored what is stored already, or nullptr.
  SeriesLog(std::filesystem::path log, std::shared_ptr<const record::SeriesByRun> stored)
      : log_(std::move(log)), stored_(std::move(stored)) {}

  /// Whether a run has begun here.
  [[nodiscard]] bool has_run(std::uint64_t index) const { return runs_.contains(index); }
  /// A run begins. Its series go on with what is stored, which is taken out of `kept`, or begin
  /// anew.
  void begin(std::uint64_t index, std::uint64_t run, bool goes_on, Metrics& kept);
  /// Appends a step of nothing but numbers, of metrics that the run has series of; false, and
  /// nothing is done, for any other one.
  [[nodiscard]] bool append(std::uint64_t index, const Metrics& step);
  /// Takes what is series of numbers out of a step of a run that has begun, and writes it to the
  /// journal. A series that this makes one of other things goes to `live`.
  void take(std::uint64_t index, bool replaces, Metrics& live, Metrics& step, std::string& journal);
  /// Writes to the journal what was appended since.
  void note(std::uint64_t index, std::string& journal);
  void note_all(std::string& journal);
  /// Writes all that a run has to the journal, wherever it is kept so far.
  void note_whole(std::uint64_t index, std::string& journal);

  /// Sets the last values of a run's series, as a row has them.
  void add_last_values(std::uint64_t index, Metrics& metrics) const;
  /// Names and lengths of a run's series.
  [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> lengths(std::uint64_t index) const;
  /// Has what a run's series got go into the next segment; its values are noted by then.
  void collect(std::uint64_t index);
  /// A run has ended, and was collected. \param may_return whether it may run again in this job.
  void end(std::uint64_t index, bool may_return);
  /// Takes over what another log has of a run that is to go on here.
  void adopt(std::uint64_t index, std::uint64_t run, const record::SeriesByRun& other);
  /// Puts whole series in the place of last values, for a run that is to go on.
  void complete(std::uint64_t index, std::uint64_t run, Metrics& last_values) const;

  /// What waits for a segment.
  [[nodiscard]] const SeriesPieces& waiting() const { return waiting_; }
  /// The first so many of those are in a segment.
  void written(std::size_t pieces) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(pieces));
  }

 private:
  struct Series {
    std::string name;
    record::NumberSeries values;
    std::size_t noted = 0;  // how many elements the journal or the store has
  };
  struct Run {
    std::uint64_t id = 0;
    std::vector<Series> series;
    std::vector<std::string> stored;  // names of which pieces or files have elements
    bool is_dirty = false;            // something was appended and not noted
  };

  Run* find(std::uint64_t index);
  static Series* find_in(Run& run, std::string_view name, std::size_t guess = 0);
  static void drop(Run& run, std::string_view name);
  void note_run(std::uint64_t index, Run& run, std::string& journal);
  void replace(std::uint64_t index, Run& run, Metrics& live, const std::string& name,
               const Value& value, std::string& journal);
  void spill(std::uint64_t index, Run& run, Metrics& live, const std::string& name,
             std::string& journal);
  [[nodiscard]] bool append_value(std::uint64_t index, Run& run, Metrics& live,
                                  const std::string& name, const Value& value,
                                  std::string& journal);
  [[nodiscard]] Run known(std::uint64_t index, std::uint64_t run) const;
  [[nodiscard]] record::NumberSeries whole(std::uint64_t run, const Series& series) const;

  std::filesystem::path log_;
  std::shared_ptr<const record::SeriesByRun> stored_;
  std::unordered_map<std::uint64_t, Run> runs_;  // in progress
  std::unordered_map<std::uint64_t, Run> left_;  // ended or adopted, without values
  std::vector<std::uint64_t> dirty_;
  std::vector<Series*> targets_;  // scratch
  SeriesPieces waiting_;
};

}  // namespace malet::sweep
