#include "sweep/rank/run_limits.hpp"

#include <algorithm>

namespace malet::sweep {

namespace {

// A process in the depths of a driver can outlast a SIGKILL for a while.
constexpr std::chrono::seconds kill_again(1);

}  // namespace

void RunLimits::begin(Clock::time_point now) {
  begun_ = now;
  cause_ = EndCause::none;
  ask_ = false;
  kill_at_.reset();
  if (stopping_) stop(*stopping_, now, stop_grace_);
}

void RunLimits::end_by(EndCause cause, Clock::time_point now, Micros grace) {
  if (cause_ == EndCause::none) {
    cause_ = cause;
    ask_ = true;
  }
  const auto at = now + grace;
  kill_at_ = kill_at_ ? std::min(*kill_at_, at) : at;
}

void RunLimits::stop(StopCause cause, Clock::time_point now, Micros grace) {
  if (!stopping_) stopping_ = cause;
  stop_grace_ = grace;
  const bool deadline = *stopping_ == StopCause::deadline;
  end_by(deadline ? EndCause::deadline : EndCause::cancelled, now, grace);
}

RunLimits::Action RunLimits::check(Clock::time_point now) {
  if (cause_ == EndCause::none && timeout_.count() > 0 && now - begun_ > timeout_) {
    end_by(EndCause::timeout, now, settings_.grace);
  }
  if (ask_) {
    ask_ = false;
    return Action::ask;
  }
  if (!kill_at_ || now < *kill_at_) return Action::none;
  kill_at_ = now + kill_again;
  return Action::kill;
}

RunLimits::Action RunLimits::check_memory(std::uint64_t used, Clock::time_point now) {
  if (!settings_.memory || used <= *settings_.memory || cause_ == EndCause::memory) {
    return Action::none;
  }
  cause_ = EndCause::memory;
  ask_ = false;
  kill_at_ = now + kill_again;
  return Action::kill;
}

std::optional<RunLimits::Clock::time_point> RunLimits::next() const {
  if (ask_) return begun_;
  if (kill_at_) return kill_at_;
  if (timeout_.count() > 0) return begun_ + timeout_;
  return std::nullopt;
}

}  // namespace malet::sweep
