#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/screen/text_table.hpp"
#include "malet/config.hpp"

namespace malet::cli {

/// The headers of a table of configs: "config" (its number), then the fields.
[[nodiscard]] std::vector<std::string> config_headers(const std::vector<std::string>& fields);

/// A config's row in such a table.
[[nodiscard]] std::vector<TextTable::Cell> config_cells(std::uint64_t index, const Config& config,
                                                        const std::vector<std::string>& fields);

}  // namespace malet::cli
