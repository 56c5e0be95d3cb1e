#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/table.hpp"

namespace malet::record {

/// How far a row's status says its config has come: C over F over R over anything else.
[[nodiscard]] int status_rank(std::string_view status);

/// Finds the row of a config by the key texts of its grid fields, in constant time.
///
/// Where a table holds a config several times, the row with the best status stands for it, and of
/// those the last. An index belongs to one table; rows that are added to it must be inserted here,
/// replaced ones need nothing.
class KeyIndex {
 public:
  /// Reads all rows of the table.
  explicit KeyIndex(const Table& table);

  /// The row with these key texts, one per grid field, empty for null.
  [[nodiscard]] std::optional<std::size_t> find(const Table& table,
                                                std::span<const std::string> keys) const;
  /// Adds a row with these key texts, that find did not find.
  void insert(std::size_t row, std::span<const std::string> keys);

 private:
  /// A row in a slot of the hash table; row_end where the slot is free.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t row = free_slot;
  };
  static constexpr std::uint32_t free_slot = UINT32_MAX;

  void read_rows(const Table& table);
  void insert_or_prefer(const Table& table, std::uint32_t hash, std::uint32_t row);
  void place(Slot slot);
  void grow();

  std::vector<Slot> slots_;  // a power of two of them, at most two thirds in use
  std::size_t used_ = 0;
};

}  // namespace malet::record
