#include "record/journal/journal_rows.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "record/table/cells.hpp"
#include "record/table/key_text.hpp"

namespace malet::record {

JournalColumns::JournalColumns(Table& table, const JournalHeader& header) {
  const auto& grid = table.grid_fields();
  for (const std::string& name : header.grid_fields) {
    const auto found = std::find(grid.begin(), grid.end(), name);
    if (found == grid.end() || header.grid_fields.size() != grid.size()) {
      reject(
          "says that the log's grid fields are {}, which they are not: put the "
          "log back that the journal belongs to",
          fmt::join(header.grid_fields, ", "));
    }
    same_ = same_ && static_cast<std::size_t>(found - grid.begin()) == places_.size();
    places_.push_back(static_cast<std::size_t>(found - grid.begin()));
    names_.push_back(name);
  }
  for (const std::string& name : header.metric_fields) add(table, name);
}

void JournalColumns::add(Table& table, std::string_view name) {
  const auto known = table.column(name);
  if (known && *known < table.grid_fields().size()) {
    reject("has the metric {}, which is a grid field of the log", base::quoted_name(name));
  }
  places_.push_back(known ? *known : table.add_metric_field(std::string(name)));
  same_ = same_ && places_.back() == places_.size() - 1;
  names_.emplace_back(name);
}

std::string_view JournalColumns::name(std::size_t column) const {
  if (column < names_.size()) return names_[column];
  reject("has a column that the journal does not name");
}

std::string JournalColumns::table_line(std::string_view line, const Table& table) const {
  if (same_) return std::string(line);
  std::vector<std::string_view> cells(table.columns());
  CellWalk walk(line);
  std::string_view cell;
  for (std::size_t i = 0; i < places_.size() && walk.next(cell); ++i) cells[places_[i]] = cell;
  std::string moved;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) moved += '\t';
    moved += cells[i];
  }
  return moved;
}

std::optional<std::size_t> RowsByConfig::find(std::string_view line) {
  read_keys(line);
  return index_.find(table_, keys_);
}

std::optional<std::size_t> RowsByConfig::put(std::string_view line) {
  const auto row = find(line);
  if (!row) {
    const std::size_t added = table_.append(line);
    index_.insert(added, keys_);
    return added;
  }
  if (!any_status_ && rank(line) < rank(table_.line(*row))) return std::nullopt;
  table_.replace(*row, line);
  return row;
}

void RowsByConfig::read_keys(std::string_view line) {
  CellWalk walk(line);
  std::string_view cell;
  keys_.resize(table_.grid_fields().size());
  for (std::string& key : keys_) {
    if (!walk.next(cell)) cell = {};
    key = cell_key(unescaped(cell, unquoted_), scratch_);
  }
}

int RowsByConfig::rank(std::string_view line) const {
  const auto column = table_.column("status");
  return column ? status_rank(cell_at(line, *column).value_or("")) : 0;
}

}  // namespace malet::record
