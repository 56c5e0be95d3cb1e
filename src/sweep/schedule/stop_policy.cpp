#include "sweep/schedule/stop_policy.hpp"

#include <algorithm>
#include <csignal>

namespace malet::sweep {

namespace {

using Seconds = StopPolicy::Seconds;

// What is left when everything is written: clocks differ, and a launcher takes its time.
constexpr Seconds spare(2.0);
// What collecting the last results and the end of MPI may take.
constexpr Seconds ending(0.5);
// Under mpirun the log must be written 0.8 s after the signal; this much is for collecting results.
constexpr Seconds urgent_grace(0.25);
constexpr Seconds impatient_grace(1.0);

}  // namespace

bool StopPolicy::is_soft(int signal) {
  return signal == SIGUSR1 || signal == SIGUSR2 || signal == SIGXCPU;
}

StopPolicy::StopPolicy(Clock::time_point started, std::optional<Seconds> timeout, Seconds grace,
                       bool under_mpirun, Setting setting)
    : started_(started),
      timeout_(timeout),
      wanted_grace_(grace),
      grace_(grace),
      under_mpirun_(under_mpirun),
      slack_(setting == Setting::supervised ? Seconds(1.0) : Seconds(0)),
      urgent_slack_(setting == Setting::supervised ? Seconds(0.2) : Seconds(0)) {
  set_save_cost({});
}

void StopPolicy::set_save_cost(Seconds cost) {
  // Runs in progress have been told their grace by then.
  if (!timeout_ || stop_began_) return;
  // One may be in work when the last one is due.
  const Seconds margin = spare + ending + 2 * cost + slack_;
  const Seconds early = std::min(wanted_grace_ + margin, *timeout_ / 2);
  grace_ = std::min(wanted_grace_, std::max(early - margin, early / 4));
  lasts_ = *timeout_ - early;
}

std::optional<StopPolicy::Seconds> StopPolicy::left(Clock::time_point now) const {
  if (!lasts_) return std::nullopt;
  return *lasts_ - (now - started_);
}

StopPolicy::Pace StopPolicy::pace(Clock::time_point now, std::optional<int> signal) {
  const bool too_late = lasts_ && now - started_ >= *lasts_;
  if (!signal && !too_late) return Pace::go_on;
  begin(now);
  urgent_ = urgent_ || (signal && under_mpirun_ && !is_soft(*signal));
  return urgent_ ? Pace::urgent : Pace::graceful;
}

void StopPolicy::begin(Clock::time_point now) {
  if (!stop_began_) stop_began_ = now;
}

bool StopPolicy::grace_is_over(Clock::time_point now, int signals) const {
  if (!stop_began_) return false;
  const Seconds grace = urgent_       ? urgent_grace + urgent_slack_
                        : signals > 1 ? std::min(grace_, impatient_grace) + slack_
                                      : grace_ + slack_;
  return now - *stop_began_ > grace;
}

}  // namespace malet::sweep
