#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text/time_text.hpp"
#include "malet/config_iter.hpp"
#include "malet/experiment_log.hpp"
#include "plan/grid.hpp"

namespace malet::sweep {

/// What a row says of a config.
struct RowContent {
  base::Micros at{};        ///< of the last update, since the epoch
  base::Micros duration{};  ///< over all attempts
  char status = 'R';
  const Metrics* metrics = nullptr;
};

/// The rows of a log that is being written, by config index, straight into the table's text.
class LogRows {
 public:
  /// \param log as read (and carried over), or new with its columns.
  /// \param row_indices per row the config's first index, or no_index.
  /// \param commit_hash what new rows say; may be empty.
  LogRows(ExperimentLog log, std::vector<std::uint64_t> row_indices, const ConfigIter& configs,
          std::string commit_hash);

  [[nodiscard]] const ExperimentLog& log() const { return log_; }
  /// As LogSnapshot has them.
  [[nodiscard]] const std::vector<std::uint64_t>& row_indices() const { return row_indices_; }
  [[nodiscard]] const std::vector<std::string>& metric_fields() const {
    return log_.metric_fields();
  }
  /// Why a metric of that name cannot be a column here, as the end of a sentence; empty where it
  /// can.
  [[nodiscard]] std::string_view refusal(std::string_view metric) const;

  /// Makes a config's row, or replaces it unless it is complete. Gives its line, until the next
  /// call of put() or of one that gives a line.
  std::string_view put(std::uint64_t index, const RowContent& content);
  /// The line of the row that was put last, with nothing in the cells of these metrics.
  [[nodiscard]] std::string_view line_without(std::uint64_t index,
                                              const std::vector<std::string>& metrics);
  /// The grid cells of a config, as its row's line begins.
  [[nodiscard]] const std::string& grid_line(std::uint64_t index);
  /// The places of these metrics in a line, in rising order.
  [[nodiscard]] std::vector<std::size_t> columns_of(const std::vector<std::string>& metrics);
  /// A row that is not complete goes, if there is one.
  void drop(std::uint64_t index);

 private:
  /// Where a grid column's cells come from: a field of the grid, or a fixed text.
  struct GridColumn {
    std::optional<std::size_t> axis;
    std::string fixed;
  };

  [[nodiscard]] std::size_t metric_column(std::string_view name, std::size_t guess = 0);
  void write_cells(const RowContent& content);
  void write_line(std::uint64_t index);

  ExperimentLog log_;
  std::vector<std::uint64_t> row_indices_;
  ConfigIter configs_;
  std::string commit_hash_;
  std::vector<GridColumn> grid_columns_;
  std::size_t info_columns_[4] = {};
  std::unordered_map<std::uint64_t, std::size_t> open_;  // rows that are not complete
  std::vector<const GridValue*> values_;                 // scratch
  std::vector<std::string> cells_;                       // scratch, one per metric column
  std::string line_;                                     // scratch
  base::DatetimeWriter datetime_;
};

}  // namespace malet::sweep
