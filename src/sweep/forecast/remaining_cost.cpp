#include "sweep/forecast/remaining_cost.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sweep/forecast/expected_durations.hpp"

namespace malet::sweep {

namespace {

/// As many as take no noticeable time.
constexpr std::uint64_t most_looked_at = 50'000;
/// Multiples of the golden ratio, less their whole part, are spread evenly, however many are taken,
/// and keep no step with any field of the grid.
constexpr double golden = 0.6180339887498949;

/// Whether the config with that number is to be run; of repeats the first one speaks.
bool is_left(const Folder& folder, std::uint64_t index, bool may_repeat) {
  if (may_repeat && folder.configs.first_index(index) != index) return false;
  const ConfigRow* row = folder.find(index);
  return row == nullptr || row->status != Status::complete;
}

/// The position of the config that is looked at `turn`-th.
std::uint64_t position_at(std::uint64_t turn, std::uint64_t size) {
  if (size <= most_looked_at) return turn;
  const double share = std::fmod(static_cast<double>(turn) * golden, 1.0);
  return std::min(static_cast<std::uint64_t>(share * static_cast<double>(size)), size - 1);
}

}  // namespace

double RemainingCost::total() const {
  if (seconds.empty()) return 0;
  const double looked_at = std::accumulate(seconds.begin(), seconds.end(), 0.0);
  return looked_at / static_cast<double>(seconds.size()) * static_cast<double>(runs);
}

double RemainingCost::longest() const {
  return seconds.empty() ? 0 : *std::max_element(seconds.begin(), seconds.end());
}

std::optional<RemainingCost> remaining_cost(const Folder& folder, const ConfigIter& configs,
                                            std::uint64_t runs) {
  RemainingCost cost;
  if (runs == 0) return cost;
  const ExpectedDurations expected = expect_durations(folder, most_looked_at);
  if (!expected.has_complete_runs) return std::nullopt;
  cost.runs = runs;
  const DurationSpread& spread = expected.spread;
  cost.low = spread.low / spread.mean;
  cost.high = spread.high / spread.mean;
  const std::uint64_t size = configs.size();
  const bool may_repeat = folder.configs.duplicates() != std::optional<std::uint64_t>(0);
  for (std::uint64_t turn = 0; turn < std::min(size, most_looked_at); ++turn) {
    const std::uint64_t index = configs.index(position_at(turn, size));
    if (is_left(folder, index, may_repeat)) {
      cost.seconds.push_back(expected.seconds(index) * spread.mean);
    }
  }
  // A few that a sample has missed are taken to last as long as any.
  if (cost.seconds.empty()) {
    for (std::uint64_t turn = 0; turn < std::min(size, most_looked_at); ++turn) {
      cost.seconds.push_back(expected.seconds(configs.index(position_at(turn, size))) *
                             spread.mean);
    }
  }
  return cost;
}

}  // namespace malet::sweep
