#include "sweep/forecast/remaining_cost.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>

#include "sweep/forecast/expected_durations.hpp"

namespace malet::sweep {

namespace {

/// How many configs are looked at: more would take noticeable time.
constexpr std::uint64_t most_looked_at = 50'000;

/// Whether the config with that number is to be run; of repeats the first one speaks.
bool is_left(const Folder& folder, std::uint64_t index, bool may_repeat) {
  if (may_repeat && folder.configs.first_index(index) != index) return false;
  const ConfigRow* row = folder.find(index);
  return row == nullptr || row->status != Status::complete;
}

/// More slots than runs stand idle.
constexpr double most_slots = 1e6;

/// With slots that are always busy; a run has one slot at a time.
std::uint64_t by_volume(const RemainingCost& cost, const JobCapacity& capacity, double factor) {
  const double volume = cost.total() * factor / (capacity.slots * capacity.seconds);
  const double chain = cost.longest() * factor / capacity.seconds;
  return static_cast<std::uint64_t>(std::ceil(std::max({volume, chain, 1.0})));
}

/// When each slot becomes free, the earliest first.
using FreeTimes = std::priority_queue<double, std::vector<double>, std::greater<>>;

std::uint64_t by_play(const RemainingCost& cost, const JobCapacity& capacity, double factor) {
  const auto slots = static_cast<std::size_t>(
      std::clamp(capacity.slots, 1.0, std::min(most_slots, static_cast<double>(cost.runs))));
  const std::vector<double> at_once(slots, 0);
  FreeTimes free(std::greater<>(), at_once);
  std::uint64_t jobs = 1;
  for (const double seconds : cost.seconds) {
    double begin = free.top();
    if (begin + seconds * factor > capacity.seconds) {
      ++jobs;
      free = FreeTimes(std::greater<>(), at_once);
      begin = 0;
    }
    free.pop();
    free.push(begin + seconds * factor);
  }
  return jobs;
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
    const std::uint64_t index = configs.index(sample_position(turn, size, most_looked_at));
    if (is_left(folder, index, may_repeat)) {
      cost.seconds.push_back(expected.seconds(index) * spread.mean);
    }
  }
  // Where the sample has missed the few that are left, they are taken to last as long as any.
  if (cost.seconds.empty()) {
    for (std::uint64_t turn = 0; turn < std::min(size, most_looked_at); ++turn) {
      cost.seconds.push_back(
          expected.seconds(configs.index(sample_position(turn, size, most_looked_at))) *
          spread.mean);
    }
  }
  return cost;
}

std::uint64_t jobs_needed(const RemainingCost& cost, const JobCapacity& capacity, double factor) {
  if (cost.runs == 0) return 0;
  const bool outlasts = cost.longest() * factor > capacity.seconds;
  return outlasts || !cost.is_whole() ? by_volume(cost, capacity, factor)
                                      : by_play(cost, capacity, factor);
}

}  // namespace malet::sweep
