#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time_text.hpp"
#include "malet/config_iter.hpp"
#include "malet/experiment_log.hpp"
#include "plan/grid.hpp"
#include "record/table.hpp"

namespace malet::sweep {

/// What a row says of a config.
struct RowContent {
  base::Micros at{};        ///< of the last update, since the epoch
  base::Micros duration{};  ///< over all attempts
  char status = 'R';
  const Metrics* metrics = nullptr;
};

/// One log that is being written: rows by config index, straight into the table's text, and
/// snapshots of it in grid order.
class LogWriter {
 public:
  /// \param log as read (and carried over), or new with its columns.
  /// \param row_indices per row the config's first index, or no_index.
  /// \param commit_hash what new rows say; may be empty.
  LogWriter(ExperimentLog log, std::vector<std::uint64_t> row_indices, const ConfigIter& configs,
            std::string commit_hash);

  /// Makes or replaces the row of a config.
  void put(std::uint64_t index, const RowContent& content);
  /// Why a metric of that name cannot be a column here, as the end of a sentence; empty where it
  /// can.
  [[nodiscard]] std::string_view refusal(std::string_view metric) const;
  /// Whether the table differs from the file.
  [[nodiscard]] bool changed() const { return changed_; }
  void mark_changed() { changed_ = true; }
  /// Writes the log, rows in grid order and rows of foreign configs last.
  void snapshot();
  [[nodiscard]] const ExperimentLog& log() const { return log_; }

 private:
  /// Where a grid column's cells come from: a field of the grid, or a fixed text.
  struct GridColumn {
    std::optional<std::size_t> axis;
    std::string fixed;
  };

  std::size_t metric_column(std::string_view name, std::size_t guess);
  void write_line(std::uint64_t index, const RowContent& content);
  [[nodiscard]] std::vector<std::uint32_t> grid_order() const;

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
};

}  // namespace malet::sweep
