#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"
#include "record/table/table.hpp"

namespace malet::record {

/// The key text of a cell: to_key(from_cell(cell)), empty for null. Either the cell itself or
/// `scratch`.
[[nodiscard]] std::string_view cell_key(std::string_view cell, std::string& scratch);

/// The key text by which a value finds its row: that of the cell it would be written as. Differs
/// from to_key for text that a cell cannot tell from something else: "1.0" and 1.0 are one.
[[nodiscard]] std::string value_key(const Value& value);

/// A 64-bit hash of a key text in a column; null (empty) has 0.
[[nodiscard]] std::uint64_t key_hash(std::string_view key, std::size_t column);

/// The key hashes of the cells of one column. Remembers the cells it has seen, so that the values
/// of a grid are parsed once and not once per row.
class CellHashes {
 public:
  explicit CellHashes(std::size_t column) : column_(column), seen_(capacity) {}

  /// `cell` must stay where it is as long as this object is used, unless `fleeting`.
  [[nodiscard]] std::uint64_t hash(std::string_view cell, bool fleeting);

 private:
  static constexpr std::size_t capacity = 1024;
  struct Seen {
    std::string_view cell;
    std::uint64_t hash = 0;
  };

  std::size_t column_;
  std::vector<Seen> seen_;
  std::string scratch_;
};

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
