#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "malet/experiment_log.hpp"
#include "malet/value.hpp"
#include "record/series/run_ids.hpp"
#include "record/series/run_tails.hpp"
#include "record/series/series_compact.hpp"
#include "record/series/series_store.hpp"

namespace malet::record {

/// The series of a log's rows that its cells only have the last values of: what is stored in HDF5,
/// and what the journal says since. Numbers are read when they are asked for.
///
/// Runs are known by their run_ids, so that rows may move, and fields between static and grid.
class LogSeries {
 public:
  explicit LogSeries(SeriesStore store) : store_(std::move(store)) {}
  void set_tails(std::uint64_t run, RunTails tails) { tails_[run] = std::move(tails); }

  [[nodiscard]] bool empty() const { return store_.size() == 0 && tails_.empty(); }
  /// What there is of one metric of a run; nothing where it has no series.
  struct Found {
    std::size_t length = 0;
    std::optional<Value> last;  ///< where it is known
  };
  [[nodiscard]] std::optional<Found> find(std::uint64_t run, std::string_view metric) const;
  /// The metrics of which a run has series.
  [[nodiscard]] std::vector<std::string> metrics_of(std::uint64_t run) const;
  /// All elements of a series that there is. Throws Error(bad_input) when a file is damaged.
  [[nodiscard]] NumberSeries read(std::uint64_t run, std::string_view metric) const;
  /// Throws Error(bad_input) where the journal goes on behind elements that are not stored.
  void require_beginnings() const;
  /// The runs that have series, in no order.
  [[nodiscard]] std::vector<std::uint64_t> runs() const;
  /// What is to be put into a segment for the store to say all of this.
  [[nodiscard]] std::vector<std::shared_ptr<const SeriesPiece>> unstored() const;
  [[nodiscard]] const SeriesStore& store() const { return store_; }

 private:
  [[nodiscard]] const RunTails* tails_of(std::uint64_t run) const;
  void require_beginning(std::uint64_t run, std::string_view metric, std::size_t stored,
                         std::size_t begin) const;

  SeriesStore store_;
  std::unordered_map<std::uint64_t, RunTails> tails_;
};

/// Whether a cell is what a log says of a series that ends so. Python Malet, which reads and writes
/// all numbers of a log, may change a real's last digit.
[[nodiscard]] bool agrees(std::string_view cell, const Value& last);

/// How many runs have series, and of how many of them the log has no row.
struct RunCounts {
  std::size_t all = 0;
  std::size_t unknown = 0;
};
[[nodiscard]] RunCounts count_runs(const ExperimentLog& log, const SeriesStore& store);

/// Throws Error(bad_input) where a log and its series disagree: elements are missing that the
/// journal goes on from, the log lacks a run, or its cell is not the last value of the series.
/// \param may_lack_runs whether runs that the log lacks are passed over.
void check_series(const ExperimentLog& log, const LogSeries& series, bool may_lack_runs = false);

}  // namespace malet::record
