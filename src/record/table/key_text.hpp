#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

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

}  // namespace malet::record
