#include "sweep/forecast/jobs_needed.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <queue>

namespace malet::sweep {

namespace {

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

std::uint64_t jobs_needed(const RemainingCost& cost, const JobCapacity& capacity, double factor) {
  if (cost.runs == 0) return 0;
  const bool outlasts = cost.longest() * factor > capacity.seconds;
  return outlasts || !cost.is_whole() ? by_volume(cost, capacity, factor)
                                      : by_play(cost, capacity, factor);
}

}  // namespace malet::sweep
