#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// Finds the run_ids of a log's rows, as numbers. They do not depend on which fields are static and
/// which are in the grid.
class RunIds {
 public:
  RunIds(const Value::Map& static_configs, const std::vector<std::string>& grid_fields);

  /// Of the row whose grid cells begin the line.
  [[nodiscard]] std::uint64_t of_line(std::string_view line);
  [[nodiscard]] std::uint64_t of_row(const Table& table, std::size_t row) {
    return of_line(table.line(row));
  }

 private:
  /// A field, in the order of names: a static one's key text, or the place among the grid's.
  struct Field {
    std::string name;
    std::string key;
    std::size_t place;
  };

  std::vector<Field> fields_;
  std::size_t grid_size_;
  std::vector<std::string_view> cells_;  // scratch
  std::string text_;
  std::string unquoted_;
  std::string key_;
};

}  // namespace malet::record
