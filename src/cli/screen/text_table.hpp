#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malet/config.hpp"
#include "malet/value.hpp"

namespace malet::cli {

/// A table of text for a terminal: columns two blanks apart, numbers to the right.
class TextTable {
 public:
  struct Cell {
    std::string text;
    bool is_number = false;
  };

  explicit TextTable(std::vector<std::string> headers) : headers_(std::move(headers)) {}

  /// Adds a row with one cell per header.
  void add_row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }

  /// The table in lines of at most `width` columns: long cells are cut (`..`), and where that is
  /// not enough the last columns are left out and named below.
  [[nodiscard]] std::string render(std::size_t width) const;

 private:
  [[nodiscard]] std::vector<std::size_t> natural_widths() const;
  [[nodiscard]] bool is_right(std::size_t column) const;

  std::vector<std::string> headers_;
  std::vector<std::vector<Cell>> rows_;
};

/// How a list is shown in a table: a series by its last value and its length, a tuple as a whole.
enum class ListView { series, tuple };

/// A value as a table shows it: reals with 5 digits, null empty, control characters replaced.
[[nodiscard]] TextTable::Cell table_cell(const Value& value, ListView lists);

/// Somebody else's text as part of a line for a terminal: white space at its end left out, line
/// breaks and tabs blanks, other control characters `?`.
[[nodiscard]] std::string one_line(std::string_view text);

/// The number of columns that UTF-8 text takes, one per code point.
[[nodiscard]] std::size_t text_width(std::string_view text);

/// The headers of a table of configs: "config" (its number), then the fields.
[[nodiscard]] std::vector<std::string> config_headers(const std::vector<std::string>& fields);

/// A config's row in such a table.
[[nodiscard]] std::vector<TextTable::Cell> config_cells(std::uint64_t index, const Config& config,
                                                        const std::vector<std::string>& fields);

}  // namespace malet::cli
