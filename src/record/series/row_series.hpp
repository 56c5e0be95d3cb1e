#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "malet/experiment_log.hpp"
#include "record/series/log_series.hpp"
#include "record/series/run_ids.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// The series of a log by its rows. Where a cell is not what the series ends with, it was changed
/// since and speaks for itself.
class RowSeries {
 public:
  RowSeries(std::shared_ptr<const LogSeries> series, const Value::Map& static_configs,
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
  std::shared_ptr<const LogSeries> series_;
  RunIds ids_;
};

/// Puts all series into the log's cells, as a log without HDF5 has them.
void inline_series(ExperimentLog& log);
/// A copy of the log for which that is done.
[[nodiscard]] ExperimentLog with_inline_series(const ExperimentLog& log);

/// Before metrics of a config are set in a log and its file: they take the place of the series that
/// are stored under their names. For who alone writes the log. Throws Error(internal).
void drop_series(ExperimentLog& log, const Config& config, const Metrics& metrics);

}  // namespace malet::record
