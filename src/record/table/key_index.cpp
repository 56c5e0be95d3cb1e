#include "record/table/key_index.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/text/reject.hpp"
#include "record/table/key_text.hpp"

// Open addressing with linear probing; a slot keeps 32 bits of the hash, so that growing never has
// to look at the rows, and looking a row up only touches rows that are it almost certainly.
namespace malet::record {

namespace {

/// The sum of the fields' hashes, cut to what a slot keeps.
std::uint32_t cut(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32U);
}

std::uint32_t hash_of(std::span<const std::string> keys) {
  std::uint64_t sum = 0;
  for (std::size_t column = 0; column < keys.size(); ++column) {
    sum += key_hash(keys[column], column);
  }
  return cut(sum);
}

/// Whether the row's grid cells have these key texts.
bool has_keys(const Table& table, std::size_t row, std::span<const std::string> keys) {
  CellWalk walk(table.line(row));
  std::string unquoted;
  std::string scratch;
  for (std::size_t column = 0; column < keys.size(); ++column) {
    std::string_view cell;
    if (column < table.cells(row)) walk.next(cell);
    if (cell_key(unescaped(cell, unquoted), scratch) != keys[column]) return false;
  }
  return true;
}

/// Whether two rows hold the same config.
bool same_config(const Table& table, std::size_t one, std::size_t other) {
  CellWalk one_walk(table.line(one));
  CellWalk other_walk(table.line(other));
  std::string unquoted[2];
  std::string scratch[2];
  for (std::size_t column = 0; column < table.grid_fields().size(); ++column) {
    std::string_view one_cell;
    std::string_view other_cell;
    if (column < table.cells(one)) one_walk.next(one_cell);
    if (column < table.cells(other)) other_walk.next(other_cell);
    if (one_cell == other_cell) continue;
    if (cell_key(unescaped(one_cell, unquoted[0]), scratch[0]) !=
        cell_key(unescaped(other_cell, unquoted[1]), scratch[1])) {
      return false;
    }
  }
  return true;
}

/// The hashes of all rows' grid cells, row by row.
class RowHashes {
 public:
  explicit RowHashes(const Table& table) : table_(table) {
    for (std::size_t column = 0; column < table.grid_fields().size(); ++column) {
      columns_.emplace_back(column);
    }
  }

  std::uint32_t hash(std::size_t row) {
    std::uint64_t sum = 0;
    std::size_t left = table_.cells(row);
    CellWalk walk(table_.line(row));
    for (CellHashes& column : columns_) {
      std::string_view cell;
      if (left == 0) break;
      --left;
      walk.next(cell);
      sum += column.hash(unescaped(cell, unquoted_), is_quoted(cell));
    }
    return cut(sum);
  }

 private:
  const Table& table_;
  std::vector<CellHashes> columns_;
  std::string unquoted_;
};

}  // namespace

int status_rank(std::string_view status) {
  if (status == "C") return 3;
  if (status == "F") return 2;
  return status == "R" ? 1 : 0;
}

int status_rank(const Table& table, std::size_t row) {
  const auto column = table.column("status");
  return column ? status_rank(table.cell(row, *column)) : 0;
}

KeyIndex::KeyIndex(const Table& table)
    : KeyIndex(table, [&table](std::uint32_t standing, std::uint32_t later) {
        return status_rank(table, later) >= status_rank(table, standing);
      }) {}

KeyIndex::KeyIndex(const Table& table, const Choose& choose) {
  if (table.rows() >= free_slot) {
    reject("the log has {} rows; at most {} can be looked up: split it", table.rows(),
           free_slot - 1);
  }
  slots_.resize(std::bit_ceil(table.rows() + table.rows() / 2 + 16));
  read_rows(table, choose);
}

void KeyIndex::read_rows(const Table& table, const Choose& choose) {
  RowHashes hashes(table);
  const std::size_t mask = slots_.size() - 1;
  // Slots lie anywhere: fetching those of a whole batch at once hides most of the cache misses.
  std::array<std::uint32_t, 64> batch{};
  for (std::size_t first = 0; first < table.rows(); first += batch.size()) {
    const std::size_t count = std::min(batch.size(), table.rows() - first);
    for (std::size_t i = 0; i < count; ++i) {
      batch[i] = hashes.hash(first + i);
      __builtin_prefetch(&slots_[batch[i] & mask], 1);
    }
    for (std::size_t i = 0; i < count; ++i) {
      insert_or_choose(table, batch[i], static_cast<std::uint32_t>(first + i), choose);
    }
  }
}

void KeyIndex::insert_or_choose(const Table& table, std::uint32_t hash, std::uint32_t row,
                                const Choose& choose) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.row == free_slot) {
      slot = {hash, row};
      ++used_;
      return;
    }
    if (slot.hash != hash || !same_config(table, slot.row, row)) continue;
    if (choose(slot.row, row)) slot.row = row;
    return;
  }
}

std::optional<std::size_t> KeyIndex::find(const Table& table,
                                          std::span<const std::string> keys) const {
  const std::uint32_t hash = hash_of(keys);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot slot = slots_[at];
    if (slot.row == free_slot) return std::nullopt;
    if (slot.hash == hash && has_keys(table, slot.row, keys)) return slot.row;
  }
}

void KeyIndex::insert(std::size_t row, std::span<const std::string> keys) {
  if (row >= free_slot) {
    reject("the log is full: it cannot have more than {} rows", row);
  }
  if (used_ >= slots_.size() / 3 * 2) grow();
  place({hash_of(keys), static_cast<std::uint32_t>(row)});
  ++used_;
}

void KeyIndex::place(Slot slot) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = slot.hash & mask;
  while (slots_[at].row != free_slot) at = (at + 1) & mask;
  slots_[at] = slot;
}

void KeyIndex::grow() {
  std::vector<Slot> before(slots_.size() * 2);
  before.swap(slots_);
  for (const Slot slot : before) {
    if (slot.row != free_slot) place(slot);
  }
}

}  // namespace malet::record
