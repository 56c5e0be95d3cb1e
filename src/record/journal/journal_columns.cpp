#include "record/journal/journal_columns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "record/table/cells.hpp"

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

}  // namespace malet::record
