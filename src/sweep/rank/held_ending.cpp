#include "sweep/rank/held_ending.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

namespace malet::sweep {

namespace {

using How = exec::RunEnding::How;

constexpr std::chrono::seconds patience(1);
constexpr std::array ends_jobs = {SIGTERM, SIGINT, SIGHUP};
constexpr int shells_offset = 128;  // a shell leaves with this more than the signal

bool looks_told(const exec::RunEnding& ending) {
  const auto is = [&ending](int offset) {
    return std::find(ends_jobs.begin(), ends_jobs.end(), ending.code - offset) != ends_jobs.end();
  };
  switch (ending.how) {
    case How::killed:
      return is(0);
    case How::exited:
      return is(shells_offset);
    case How::done:
    case How::failed:
      return ending.stopped;
    case How::garbled:
    case How::unable:
      break;
  }
  return false;
}

}  // namespace

bool HeldEnding::hold(exec::RunEnding& ending, Clock::time_point now) {
  if (!looks_told(ending)) return false;
  ending_ = std::move(ending);
  until_ = now + patience;
  return true;
}

std::optional<exec::RunEnding> HeldEnding::release(bool told, Clock::time_point now) {
  if (!ending_ || (!told && now < until_)) return std::nullopt;
  return std::exchange(ending_, std::nullopt);
}

std::optional<HeldEnding::Clock::time_point> HeldEnding::until() const {
  return ending_ ? std::optional(until_) : std::nullopt;
}

}  // namespace malet::sweep
