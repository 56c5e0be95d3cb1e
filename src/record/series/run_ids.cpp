#include "record/series/run_ids.hpp"

#include <algorithm>

#include "base/text/run_id.hpp"
#include "record/table/cells.hpp"
#include "record/table/key_text.hpp"

namespace malet::record {

namespace {

constexpr std::size_t no_place = SIZE_MAX;

}  // namespace

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
