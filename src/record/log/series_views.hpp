#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "malet/value.hpp"
#include "record/journal/run_series.hpp"
#include "record/series/series_segments.hpp"
#include "record/series/series_store.hpp"
#include "record/table/key_text.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// The series of a log by run and metric: those stored in HDF5, continued by the journal. Cells
/// hold their last elements only. Numbers are read when they are asked for.
///
/// Runs are known by their run_ids, so rows may move, and fields may move between static and grid.
class SeriesByRun {
 public:
  explicit SeriesByRun(SeriesStore store) : store_(std::move(store)) {}
  void set_tails(std::uint64_t run, RunTails tails) { tails_[run] = std::move(tails); }

  [[nodiscard]] bool empty() const { return store_.size() == 0 && tails_.empty(); }
  /// A series without its elements.
  struct Found {
    std::size_t length = 0;
    std::optional<Value> last;  ///< where it is known
  };
  /// Nothing where the run has no series of that metric.
  [[nodiscard]] std::optional<Found> find(std::uint64_t run, std::string_view metric) const;
  /// Names of the metrics whose series a run has.
  [[nodiscard]] std::vector<std::string> metrics_of(std::uint64_t run) const;
  /// All elements of a series that find() finds. Throws Error(bad_input) when a file is damaged.
  [[nodiscard]] NumberSeries read(std::uint64_t run, std::string_view metric) const;
  /// Throws Error(bad_input) where the journal goes on behind elements that are not stored.
  void require_beginnings() const;
  /// The runs that have series, in no order.
  [[nodiscard]] std::vector<std::uint64_t> runs() const;
  /// Pieces that the journal adds to the store: written as a segment they make the store complete.
  [[nodiscard]] std::vector<std::shared_ptr<const SeriesPiece>> unstored() const;
  [[nodiscard]] const SeriesStore& store() const { return store_; }

 private:
  [[nodiscard]] const RunTails* tails_of(std::uint64_t run) const;
  void require_beginning(std::uint64_t run, std::string_view metric, std::size_t stored,
                         std::size_t begin) const;

  SeriesStore store_;
  std::unordered_map<std::uint64_t, RunTails> tails_;
};

/// The series of a log by row. A cell that differs from the last element of its series was edited
/// later: then the cell counts, and the row has no such series.
class SeriesByRow {
 public:
  SeriesByRow(std::shared_ptr<const SeriesByRun> series, const Value::Map& static_configs,
              const std::vector<std::string>& grid_fields)
      : series_(std::move(series)), ids_(static_configs, grid_fields) {}

  /// How many elements the series of a row's metric has; nothing where there is none.
  [[nodiscard]] std::optional<std::size_t> length(const Table& table, std::size_t row,
                                                  std::string_view metric);
  /// All of them; nothing where there is no series.
  [[nodiscard]] std::optional<NumberSeries> read(const Table& table, std::size_t row,
                                                 std::string_view metric);
  /// The row's line with its series in their cells; nothing where it has none.
  [[nodiscard]] std::optional<std::string> whole_line(const Table& table, std::size_t row);

 private:
  std::shared_ptr<const SeriesByRun> series_;
  RunIds ids_;
};

/// Whether a cell holds the last element of a series. A real may differ in its last digit: Python
/// Malet reads and writes all numbers of a log.
[[nodiscard]] bool agrees(std::string_view cell, const Value& last);

}  // namespace malet::record
