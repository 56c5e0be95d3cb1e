#include "record/table/key_text.hpp"

#include <algorithm>
#include <functional>

#include "base/text/run_id.hpp"
#include "base/text/text_parts.hpp"
#include "record/table/cells.hpp"

namespace malet::record {

namespace {

constexpr std::size_t no_place = SIZE_MAX;

/// A decimal integer as it is written again: no sign but a minus, no leading zero, within 64 bits.
bool is_plain_integer(std::string_view cell) {
  if (cell.front() == '-') cell.remove_prefix(1);
  if (cell.empty() || cell.size() > 18 || !std::all_of(cell.begin(), cell.end(), base::is_digit)) {
    return false;
  }
  return cell.front() != '0';
}

/// Text for certain: it begins like no literal and is no word that means null.
bool is_plain_text(std::string_view cell) {
  const char first = cell.front();
  const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  return letter && cell != "None" && cell != "nan";
}

std::uint64_t mix(std::uint64_t hash) {
  hash ^= hash >> 30U;
  hash *= 0xBF58476D1CE4E5B9U;
  hash ^= hash >> 27U;
  hash *= 0x94D049BB133111EBU;
  return hash ^ (hash >> 31U);
}

}  // namespace

std::string_view cell_key(std::string_view cell, std::string& scratch) {
  if (cell.empty() || is_plain_text(cell) || cell == "0" || is_plain_integer(cell)) return cell;
  scratch = to_key(from_cell(cell));
  return scratch;
}

std::string value_key(const Value& value) {
  std::string scratch;
  switch (value.type()) {
    case Value::Type::text: {
      std::string stored;
      return std::string(cell_key(storable(value.text(), stored), scratch));
    }
    case Value::Type::list:
    case Value::Type::map: {
      std::string stored;
      const std::string cell = to_cell(value, ListStyle::tuple);
      return std::string(cell_key(storable(cell, stored), scratch));
    }
    default:
      return to_key(value);
  }
}

std::uint64_t key_hash(std::string_view key, std::size_t column) {
  if (key.empty()) return 0;
  const std::uint64_t text = std::hash<std::string_view>()(key);
  return mix(text + 0x9E3779B97F4A7C15U * (column + 1));
}

std::uint64_t CellHashes::hash(std::string_view cell, bool fleeting) {
  if (cell.empty()) return 0;
  const std::uint64_t text = std::hash<std::string_view>()(cell);
  Seen& seen = seen_[text % capacity];
  if (seen.cell == cell) return seen.hash;
  const std::uint64_t hash = key_hash(cell_key(cell, scratch_), column_);
  if (!fleeting) seen = {cell, hash};
  return hash;
}

RunIds::RunIds(const Value::Map& static_configs, const std::vector<std::string>& grid_fields)
    : grid_size_(grid_fields.size()) {
  for (const auto& [name, value] : static_configs) {
    fields_.push_back({name, value_key(value), no_place});
  }
  for (std::size_t i = 0; i < grid_fields.size(); ++i) fields_.push_back({grid_fields[i], {}, i});
  std::sort(fields_.begin(), fields_.end(),
            [](const Field& a, const Field& b) { return a.name < b.name; });
}

std::uint64_t RunIds::of_line(std::string_view line) {
  cells_.assign(grid_size_, {});
  CellWalk walk(line);
  for (std::string_view& cell : cells_) {
    if (!walk.next(cell)) break;
  }
  text_.clear();
  for (const Field& field : fields_) {
    const std::string_view key = field.place == no_place
                                     ? std::string_view(field.key)
                                     : cell_key(unescaped(cells_[field.place], unquoted_), key_);
    if (!key.empty()) text_.append(field.name).append("\t").append(key).append("\n");
  }
  return base::run_number(text_);
}

}  // namespace malet::record
