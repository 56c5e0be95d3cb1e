#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace malet::record {

/// Appends a cell to a row's line, quoted as csv does when it holds a tab, a quote or a line break.
void append_escaped(std::string& line, std::string_view cell);

/// The rows of a log, each kept as the text of its line without the id: what is loaded is written
/// back byte for byte, and a million rows cost little more than their text.
///
/// Columns are the grid fields, then the metric fields. A line may end early: the cells it lacks
/// are empty.
class Table {
 public:
  Table() = default;
  Table(std::vector<std::string> grid_fields, std::vector<std::string> metric_fields);

  [[nodiscard]] const std::vector<std::string>& grid_fields() const;
  [[nodiscard]] const std::vector<std::string>& metric_fields() const;
  [[nodiscard]] std::size_t columns() const;
  /// The column of that name.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view field) const;
  /// Adds a metric field at the end; gives its column.
  std::size_t add_metric_field(std::string name);
  /// Adds a grid field as the last one, with that cell text in every row.
  void add_grid_field(std::string name, std::string_view cell);

  [[nodiscard]] std::size_t rows() const;
  /// The row's line: escaped cells joined by tabs, without id and line break. Valid until the next
  /// change.
  [[nodiscard]] std::string_view line(std::size_t row) const;
  /// Splits a row into columns() unescaped cells. The views point into the table or, where a cell
  /// was quoted, into `scratch`; valid until the next change or split with the same scratch.
  void split(std::size_t row, std::vector<std::string_view>& cells, std::string& scratch) const;
  /// One unescaped cell.
  [[nodiscard]] std::string cell(std::size_t row, std::size_t column) const;

  /// Adds a row given as its line; gives its number.
  std::size_t append(std::string_view line);
  /// Replaces a row's line.
  void replace(std::size_t row, std::string_view line);
};

}  // namespace malet::record
