#pragma once

#include <string>
#include <string_view>

#include "malet/value.hpp"
#include "record/table/cells.hpp"

namespace malet::record {

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
