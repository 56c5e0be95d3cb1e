#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace malet::record {

/// The columns of a log that say how a run went, rather than what it measured.
inline constexpr std::array<std::string_view, 4> info_columns = {"datetime", "duration",
                                                                 "commit_hash", "status"};

[[nodiscard]] inline bool is_info_column(std::string_view name) {
  return std::find(info_columns.begin(), info_columns.end(), name) != info_columns.end();
}

}  // namespace malet::record
