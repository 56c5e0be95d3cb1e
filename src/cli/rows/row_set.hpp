#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/filter/filter.hpp"
#include "cli/screen/output.hpp"
#include "malet/experiment_log.hpp"
#include "malet/value.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::cli {

/// What rows are sorted by.
struct SortKey {
  std::string field;
  bool descending = false;
};

/// Reads `val_loss,-acc`: fields, those with a leading minus descending. Throws Error(bad_input).
[[nodiscard]] std::vector<SortKey> parse_sort_keys(std::string_view text);

/// The rows of one log or of a folder's logs, as `show` selects them. Cells are read from the
/// logs' text when they are asked for, so that a million rows fit.
class RowSet {
 public:
  /// Every row of a log.
  explicit RowSet(ExperimentLog log);
  /// One row per config of the folder, the one that speaks for it, in grid order; then those
  /// whose config is not in the grid (any more). A static field of which some of those have another
  /// value counts as a grid field here, so that every row tells its own.
  explicit RowSet(sweep::Folder folder);

  /// What all rows share.
  [[nodiscard]] Value::Map static_configs() const;
  [[nodiscard]] const std::vector<std::string>& grid_fields() const { return grid_fields_; }
  /// Info columns included.
  [[nodiscard]] const std::vector<std::string>& metric_fields() const { return metric_fields_; }
  [[nodiscard]] bool is_grid_field(std::string_view field) const;
  /// Throws Error(bad_input) that lists the fields, unless it is a grid, metric or static field.
  void require_field(std::string_view field) const;

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// The number of the row's config in the grid, or of the row in the log; nothing where the config
  /// is not in the grid.
  [[nodiscard]] std::optional<std::uint64_t> number(std::size_t position) const;
  /// A cell, or a static field's value; null where the row's log has no such column. A cell does
  /// not tell the text `1` from the number, so a grid field's value is the grid's own where the
  /// row's config is in it.
  [[nodiscard]] Value value(std::size_t position, std::string_view field) const;

  /// Throws as record::check_cells for the logs that the rows are of.
  void check_cells() const;
  /// The rows as one log.
  [[nodiscard]] ExperimentLog to_log() const;

  /// Reads rows' cells, a given choice of fields.
  class Reader {
   public:
    Reader(const RowSet& rows, const std::vector<std::string>& fields);
    /// The cells' texts, unescaped; valid until the next call.
    [[nodiscard]] const std::vector<std::string_view>& texts(std::size_t position);
    /// The value of the field in that place, of the row that was read last.
    [[nodiscard]] Value value(std::size_t place);
    /// How many elements a series has that is kept in HDF5, and of which value() gives the last;
    /// nothing for any other cell.
    [[nodiscard]] std::optional<std::size_t> series_length(std::size_t place) const;
    /// As value(), with all elements of such a series.
    [[nodiscard]] Value whole(std::size_t place);
    /// As texts(), with all elements of such series.
    [[nodiscard]] const std::vector<std::string_view>& whole_texts(std::size_t position);

   private:
    const RowSet* rows_;
    std::vector<std::string> fields_;
    std::size_t position_ = 0;
    std::optional<Config> config_;  // of that row, once it is asked for
    std::vector<std::vector<std::optional<std::size_t>>> columns_;  // per log and field
    std::vector<std::string> statics_;                              // per field
    std::vector<std::string_view> line_;
    std::vector<std::string_view> texts_;
    std::vector<std::string> series_;  // texts of series, per field
    std::string scratch_;
  };

  /// Keeps the rows that match. Throws Error(bad_input) as require_field does.
  void keep(const base::Filter& filter);
  /// Keeps the rows with status F.
  void keep_failed();
  /// Sorts, rows of equal keys staying in order and empty cells coming last either way.
  void sort(const std::vector<SortKey>& keys);
  /// Keeps the first rows.
  void cut(std::size_t most);

 private:
  struct Row {
    std::uint32_t log;
    std::uint32_t row;
    std::uint64_t number;
  };

  void add_fields(const ExperimentLog& log);
  void add_varying_statics(std::uint32_t log, const std::vector<std::uint64_t>& indices);
  [[nodiscard]] std::optional<Config> config(std::size_t position) const;

  std::optional<ConfigIter> configs_;  // of a folder
  Value::Map static_configs_;  // those that are grid fields here, too, for logs without the column
  std::vector<std::string> grid_fields_;
  std::vector<std::string> metric_fields_;
  std::vector<ExperimentLog> logs_;
  std::vector<Row> rows_;
};

/// Opens an experiment folder, and says what is to be known of it.
[[nodiscard]] sweep::Folder open_experiment(const std::string& path, Console& console);

/// The rows of an experiment folder or of a log. Throws Error(bad_input).
[[nodiscard]] RowSet open_rows(const std::string& path, Console& console);

}  // namespace malet::cli
