#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "record/table/cells.hpp"

namespace malet::record {

/// The columns of a log that say how a run went, rather than what it measured.
inline constexpr std::array<std::string_view, 4> info_columns = {"datetime", "duration",
                                                                 "commit_hash", "status"};

[[nodiscard]] inline bool is_info_column(std::string_view name) {
  return std::find(info_columns.begin(), info_columns.end(), name) != info_columns.end();
}

/// The rows of a log, each kept as the text of its line without the id: what is loaded is written
/// back byte for byte, and a million rows cost little more than their text.
///
/// Columns are the grid fields, then the metric fields. A line may end early: the cells it lacks
/// are empty. Lines never change once they are stored, so that copies share them and cost 16 bytes
/// a row.
class Table {
 public:
  Table() = default;
  Table(std::vector<std::string> grid_fields, std::vector<std::string> metric_fields);
  Table(const Table& other);
  Table(Table&& other) noexcept = default;
  Table& operator=(const Table& other);
  Table& operator=(Table&& other) noexcept = default;
  ~Table() = default;

  [[nodiscard]] const std::vector<std::string>& grid_fields() const { return grid_fields_; }
  [[nodiscard]] const std::vector<std::string>& metric_fields() const { return metric_fields_; }
  [[nodiscard]] std::size_t columns() const { return grid_fields_.size() + metric_fields_.size(); }
  /// The column of that name.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view field) const;
  /// Adds a metric field at the end; gives its column.
  std::size_t add_metric_field(std::string name);
  /// Gives the columns other names, as many as there are.
  void rename(std::vector<std::string> grid_fields, std::vector<std::string> metric_fields);

  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  /// The row's line: escaped cells joined by tabs, without id and line break. Valid until the next
  /// change.
  [[nodiscard]] std::string_view line(std::size_t row) const {
    return {rows_[row].data, rows_[row].size};
  }
  /// How many cells the row's line has; at most columns().
  [[nodiscard]] std::size_t cells(std::size_t row) const { return rows_[row].cells; }
  /// Splits a row into columns() unescaped cells. The views point into the table or, where a cell
  /// was quoted, into `scratch`; valid until the next change or split with the same scratch.
  void split(std::size_t row, std::vector<std::string_view>& cells, std::string& scratch) const;
  /// One unescaped cell.
  [[nodiscard]] std::string cell(std::size_t row, std::size_t column) const;

  /// Adds a row given as its line; gives its number.
  std::size_t append(std::string_view line);
  /// Replaces a row's line.
  void replace(std::size_t row, std::string_view line);

  /// Replaces the text of one cell; none where the row's line ends before it.
  void replace_cell(std::size_t row, std::size_t column, std::string_view cell);
  /// Adds all rows of another table, whose columns are the first ones of this table. Lines are
  /// shared, not copied.
  void share(const Table& other);
  /// Keeps these rows, in this order.
  void keep_rows(const std::vector<std::uint32_t>& rows);

  /// Makes room for that many rows.
  void reserve(std::size_t rows) { rows_.reserve(rows); }
  /// Keeps a loaded text alive, so that its lines can be adopted.
  void keep(std::shared_ptr<const std::string> text);
  /// The same for all lines that another table has now.
  void keep(const Table& other);
  /// Adds a row whose line stands in what is kept and has that many cells.
  void adopt(std::string_view line, std::size_t cells);

 private:
  struct Row {
    const char* data;
    std::uint32_t size;
    std::uint32_t cells;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  void number_columns();
  [[nodiscard]] Row store(std::string_view line);
  char* room_for(std::size_t size);
  void compact();

  std::vector<std::string> grid_fields_;
  std::vector<std::string> metric_fields_;
  std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>> columns_;
  std::vector<Row> rows_;
  std::vector<std::shared_ptr<const void>> blocks_;  // what the rows point into
  char* free_ = nullptr;                             // the unused end of the last block
  std::size_t free_size_ = 0;
  std::size_t live_ = 0;     // bytes of all rows' lines
  std::size_t garbage_ = 0;  // bytes of replaced lines
};

}  // namespace malet::record
