#include "sweep/schedule/run_gate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

// The estimate is a quantile of the run times by Kaplan and Meier. Runs that ended are only those
// that were short enough to end by now; the others are in progress, and all that is known of one
// of them is that it takes longer than its age. Each of the sorted times carries an equal share of
// the runs; a run in progress hands its share to all times behind it. So the quantile moves up
// while runs overrun it. The last time keeps what would have to go beyond it.
//
// Why the median: bench_walltime weighs the time that cut runs had got against the time in which
// slots stand idle, for this share and others.
namespace malet::sweep {

namespace {

using Seconds = RunGate::Seconds;

// Of very many runs the latest ones tell enough.
constexpr std::size_t most = 1024;
// An estimate is good for so long: sorting the times must not cost more than short runs do.
constexpr Seconds longest_rest(0.05);
constexpr double rest_share = 0.01;

struct RunTime {
  Seconds time;
  bool in_progress;
  bool operator<(const RunTime& other) const {
    return time != other.time ? time < other.time : in_progress < other.in_progress;
  }
};

/// The shortest time that at least `share` of the runs do not exceed.
Seconds quantile(std::span<const RunTime> sorted, double share) {
  double beyond = 1;
  std::size_t rest = sorted.size();
  for (const RunTime& run : sorted) {
    if (!run.in_progress) beyond *= 1 - 1 / static_cast<double>(rest);
    if (1 - beyond >= share) return run.time;
    --rest;
  }
  return sorted.back().time;
}

std::string about(Seconds time) {
  if (time < Seconds(10)) return fmt::format("{:.2g} s", time.count());
  if (time < Seconds(120)) return fmt::format("{:.0f} s", time.count());
  if (time < Seconds(7200)) return fmt::format("{:.0f} min", time.count() / 60);
  return fmt::format("{:.3g} h", time.count() / 3600);
}

}  // namespace

void RunGate::add(Seconds duration) {
  longest_ = std::max(longest_, duration);
  if (durations_.size() < most) {
    durations_.push_back(duration);
  } else {
    durations_[next_] = duration;
  }
  next_ = (next_ + 1) % most;
}

bool RunGate::is_due(Seconds left) const {
  if (durations_.empty()) return false;
  // No run took, and none in progress can have taken, as long as there is left.
  if (left >= longest_ && left >= whole_ - left) return false;
  return !looked_ || looked_at_ - left >= std::min(longest_rest, left * rest_share);
}

void RunGate::look(Seconds left, const std::vector<Seconds>& ages) {
  looked_ = true;
  looked_at_ = left;
  if (durations_.empty()) return;
  std::vector<RunTime> times;
  times.reserve(durations_.size() + ages.size());
  for (const Seconds duration : durations_) times.push_back({duration, false});
  for (const Seconds age : ages) times.push_back({age, true});
  std::sort(times.begin(), times.end());
  estimate_ = quantile(times, share_);
}

std::string RunGate::closing_text(Seconds left) const {
  return fmt::format(
      "{} are left and runs take about {}: nothing more is started (--gate off starts them anyway)",
      about(left), about(estimate_));
}

std::string RunGate::hopeless_text() const {
  return fmt::format(
      "runs take about {} and a job like this lasts {}: they are started all the same and cut at "
      "its end (--checkpoint says that they go on in the next job)",
      about(estimate_), about(whole_));
}

}  // namespace malet::sweep
