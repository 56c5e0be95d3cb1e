#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "malet/value.hpp"
#include "record/table/number_series.hpp"
#include "sweep/folder/earlier.hpp"

namespace malet::sweep {

/// What a run has of series of numbers that are kept in HDF5.
struct RunSeries {
  struct Series {
    std::string name;
    record::NumberSeries values;
    std::size_t noted = 0;  ///< how many elements the journal or the store has
  };
  std::uint64_t index = 0;  ///< of its config
  std::uint64_t run_id = 0;
  std::vector<Series> series;
  std::vector<std::string> stored;  ///< names of which pieces or files have elements
  bool is_dirty = false;            ///< something was appended and not noted
};

/// What one attempt at a config has told so far, and what was written of it.
struct LiveRun {
  bool has_reported = false;
  Metrics metrics;                  ///< as its row is to have them, without what `series` has
  std::string refused;              ///< why it will have failed: a name that cannot be a column
  bool is_shown = false;            ///< log or journal tell that it runs
  std::string start;                ///< its start record, once the journal has that
  std::optional<RunSeries> series;  ///< also of an earlier attempt in this job, or of another log
};

/// The runs of one log that are in progress, by config index, and what earlier attempts left of
/// configs that are to run again. A run that ends at once, as it was never heard of, has no entry.
class LiveRuns {
 public:
  using Map = std::unordered_map<std::uint64_t, LiveRun>;

  [[nodiscard]] LiveRun* find(std::uint64_t index) {
    const auto found = runs_.empty() ? runs_.end() : runs_.find(index);
    return found == runs_.end() ? nullptr : &found->second;
  }
  /// The entry of a run, made where there is none.
  [[nodiscard]] LiveRun& operator[](std::uint64_t index) { return runs_[index]; }
  [[nodiscard]] Map& all() { return runs_; }

  /// What earlier attempts of a config left, or nullptr.
  [[nodiscard]] const Earlier* earlier(std::uint64_t index) const {
    const auto found = earlier_.empty() ? earlier_.end() : earlier_.find(index);
    return found == earlier_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const std::unordered_map<std::uint64_t, Earlier>& all_earlier() const {
    return earlier_;
  }
  const Earlier& set_earlier(std::uint64_t index, Earlier earlier) {
    return earlier_[index] = std::move(earlier);
  }

  /// A run has ended for good.
  void end(std::uint64_t index) {
    if (!runs_.empty()) runs_.erase(index);
    if (!earlier_.empty()) earlier_.erase(index);
  }
  /// An attempt is over or has not begun after all: of it only series stay.
  void reset(std::uint64_t index) {
    LiveRun* run = find(index);
    if (run == nullptr) return;
    if (!run->series) {
      runs_.erase(index);
    } else {
      *run = LiveRun{.series = std::move(run->series)};
    }
  }

 private:
  Map runs_;
  std::unordered_map<std::uint64_t, Earlier> earlier_;
};

}  // namespace malet::sweep
