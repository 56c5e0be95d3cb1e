#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/table/table.hpp"

namespace malet::record {

/// How far a row's status says its config has come: C over F over R over anything else.
[[nodiscard]] int status_rank(std::string_view status);
/// The same of a row; 0 where the table has no such column.
[[nodiscard]] int status_rank(const Table& table, std::size_t row);

/// Finds the row of a config by the key texts of its grid fields, in constant time.
///
/// Where a table holds a config several times, the row with the best status stands for it, and of
/// those the last. An index belongs to one table; rows that are added to it must be inserted here,
/// replaced ones need nothing.
class KeyIndex {
 public:
  /// Of two rows of one config, the one that stands for it and one behind: whether the latter takes
  /// its place.
  using Choose = std::function<bool(std::uint32_t standing, std::uint32_t later)>;

  /// Reads all rows of the table.
  explicit KeyIndex(const Table& table);
  /// The same with another choice of the row that stands for a config.
  KeyIndex(const Table& table, const Choose& choose);

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

  void read_rows(const Table& table, const Choose& choose);
  void insert_or_choose(const Table& table, std::uint32_t hash, std::uint32_t row,
                        const Choose& choose);
  void place(Slot slot);
  void grow();

  std::vector<Slot> slots_;  // a power of two of them, at most two thirds in use
  std::size_t used_ = 0;
};

}  // namespace malet::record
