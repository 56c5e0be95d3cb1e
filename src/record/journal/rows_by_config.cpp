#include "record/journal/rows_by_config.hpp"

#include "record/table/cells.hpp"
#include "record/table/key_text.hpp"

namespace malet::record {

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
