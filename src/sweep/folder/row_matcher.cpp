#include "sweep/folder/row_matcher.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/text/text_parts.hpp"
#include "malet/value.hpp"
#include "plan/grid.hpp"
#include "record/log/log_access.hpp"
#include "record/table/key_text.hpp"
#include "record/table/table.hpp"

namespace malet::sweep {

namespace {

/// The key text of a cell, remembered for texts that come again and again down a column.
class KeyTexts {
 public:
  std::string_view of(std::string_view cell) {
    if (is_its_own_key(cell)) return cell;
    Entry& entry = entries_[std::hash<std::string_view>{}(cell) % entries_.size()];
    if (!entry.used || entry.cell != cell) {
      entry.cell = cell;
      entry.key = to_key(from_cell(cell));
      entry.used = true;
    }
    return entry.key;
  }

 private:
  struct Entry {
    std::string cell;
    std::string key;
    bool used = false;
  };

  /// Plain integers, the most common cells with many values (seeds).
  static bool is_its_own_key(std::string_view cell) {
    if (cell.empty()) return true;
    if (cell.size() > 18 || (cell.front() == '0' && cell.size() > 1)) return false;
    return std::all_of(cell.begin(), cell.end(), base::is_digit);
  }

  std::array<Entry, 512> entries_;
};

/// What a grid column of a log is compared with.
struct Column {
  std::optional<std::size_t> axis;  // a field of the grid
  std::string fixed;                // else the key text of a static field
};

std::vector<Column> columns_of(const ExperimentLog& log, const ConfigIter& configs) {
  const auto& axes = configs.grid_fields();
  const Value statics(configs.static_configs());
  std::vector<Column> columns;
  for (const std::string& name : log.grid_fields()) {
    Column column;
    const auto axis = std::find(axes.begin(), axes.end(), name);
    if (axis != axes.end()) {
      column.axis = static_cast<std::size_t>(axis - axes.begin());
    } else if (const Value* value = statics.find(name)) {
      column.fixed = record::value_key(*value);
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace

std::vector<std::uint64_t> match_rows(const ExperimentLog& log, const ConfigIter& configs) {
  const auto columns = columns_of(log, configs);
  const record::Table& table = record::table_of(log);
  std::vector<KeyTexts> texts(columns.size());
  std::vector<std::string_view> keys(configs.grid_fields().size());
  std::vector<std::string_view> cells;
  std::string scratch;
  std::vector<std::uint64_t> indices(table.rows(), no_index);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    table.split(row, cells, scratch);
    bool matches = true;
    for (std::size_t i = 0; i < columns.size() && matches; ++i) {
      const std::string_view key = texts[i].of(cells[i]);
      if (columns[i].axis) {
        keys[*columns[i].axis] = key;
      } else {
        matches = key == columns[i].fixed;
      }
    }
    if (matches) indices[row] = configs.parsed().find(keys).value_or(no_index);
  }
  return indices;
}

}  // namespace malet::sweep
