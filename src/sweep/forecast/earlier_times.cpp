#include "sweep/forecast/earlier_times.hpp"

#include <algorithm>

#include "base/text/time_text.hpp"

namespace malet::sweep {

namespace {

constexpr std::size_t most = 64;

}  // namespace

std::vector<std::chrono::microseconds> earlier_times(const Folder& folder, const Scope& scope) {
  std::vector<std::chrono::microseconds> times;
  // Rows are read a few at a time, since there may be a million of them.
  const std::size_t stride = std::max<std::size_t>(folder.rows.size() / most, 1);
  for (std::size_t i = 0; i < folder.rows.size() && times.size() < most; i += stride) {
    const ConfigRow& row = folder.rows[i];
    if (row.status != Status::complete || !scope.configs.holds(row.index)) continue;
    const auto time = base::parse_duration(folder.logs[row.log].df().text(row.row, "duration"));
    if (time && time->count() > 0) times.push_back(*time);
  }
  return times;
}

}  // namespace malet::sweep
