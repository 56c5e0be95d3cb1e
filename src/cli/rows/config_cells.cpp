#include "cli/rows/config_cells.hpp"

#include <fmt/format.h>

namespace malet::cli {

std::vector<std::string> config_headers(const std::vector<std::string>& fields) {
  std::vector<std::string> headers = {"config"};
  headers.insert(headers.end(), fields.begin(), fields.end());
  return headers;
}

std::vector<TextTable::Cell> config_cells(std::uint64_t index, const Config& config,
                                          const std::vector<std::string>& fields) {
  std::vector<TextTable::Cell> cells = {{fmt::format("{}", index), true}};
  for (const std::string& field : fields) {
    const Value* value = config.find(field);
    cells.push_back(table_cell(value == nullptr ? Value() : *value, ListView::tuple));
  }
  return cells;
}

}  // namespace malet::cli
