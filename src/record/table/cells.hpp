#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "malet/value.hpp"

/// The cells of a line of log.tsv: joined by tabs, those that hold a tab, a quote or a line break
/// within quotes.
namespace malet::record {

/// Appends a cell to a row's line, quoted as csv does when it holds a tab, a quote or a line break.
/// What no log may hold, a NUL or a byte that is no UTF-8, is replaced by U+FFFD.
void append_escaped(std::string& line, std::string_view cell);

/// The text as append_escaped would store it: itself, or, with NULs and bad UTF-8 replaced,
/// `scratch`.
[[nodiscard]] std::string_view storable(std::string_view text, std::string& scratch);

/// Whether all of the text is UTF-8; else `bad` is the position of the first byte that is not.
[[nodiscard]] bool is_utf8(std::string_view text, std::size_t& bad);

/// Number of tabs in a text.
[[nodiscard]] std::size_t count_tabs(std::string_view text);

/// Walks over the cells of a line as they stand there, in quotes or not.
class CellWalk {
 public:
  explicit CellWalk(std::string_view line) : rest_(line) {}

  /// The next cell. A line has at least one; behind the last one false.
  bool next(std::string_view& escaped);
  /// What is left of the line behind the cells given so far and the tab that ends them.
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool more_ = true;
};

/// The cell of that number as it stands in the line; nothing where the line ends before it.
[[nodiscard]] std::optional<std::string_view> cell_at(std::string_view line, std::size_t number);

/// Number of cells of a line.
[[nodiscard]] std::size_t count_cells(std::string_view line);

/// Whether a cell stands in quotes.
[[nodiscard]] inline bool is_quoted(std::string_view escaped) {
  return !escaped.empty() && escaped.front() == '"';
}

/// Appends a quoted cell without its quotes.
void append_unquoted(std::string& out, std::string_view quoted);

/// A cell without quotes: itself, or, where it was quoted, `scratch`.
[[nodiscard]] inline std::string_view unescaped(std::string_view escaped, std::string& scratch) {
  if (!is_quoted(escaped)) return escaped;
  scratch.clear();
  append_unquoted(scratch, escaped);
  return scratch;
}

/// Builds a row's line cell by cell.
class LineBuilder {
 public:
  LineBuilder() { line_.reserve(512); }

  /// A cell as it stands in a line.
  void add_escaped(std::string_view cell) {
    separate();
    line_ += cell;
  }

  /// A cell's text.
  void add_cell(std::string_view cell) {
    separate();
    append_escaped(line_, cell);
  }

  void add(const Value& value, ListStyle style) {
    cell_.clear();
    append_cell(cell_, value, style);
    add_cell(cell_);
  }

  [[nodiscard]] const std::string& line() const { return line_; }

 private:
  void separate() {
    if (!first_) line_ += '\t';
    first_ = false;
  }

  std::string line_;
  std::string cell_;
  bool first_ = true;
};

}  // namespace malet::record
