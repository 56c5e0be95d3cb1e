#include "sweep/rank/run_end.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <utility>

namespace malet::sweep {

namespace {

using How = exec::RunEnding::How;

// A process inside a driver's call can survive SIGKILL for a while.
constexpr std::chrono::seconds kill_again(1);

constexpr std::chrono::seconds longest_hold(1);
constexpr std::array ends_jobs = {SIGTERM, SIGINT, SIGHUP};
constexpr int shells_offset = 128;  // a shell's exit code is the signal plus this

/// Whether a signal that ends jobs may have ended the run.
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

std::string with_last_line(std::string text, const std::string& line) {
  return line.empty() ? text : fmt::format("{}: {}", text, line);
}

/// Judges a run that this rank did not end.
Verdict judge_own_end(const exec::RunEnding& ending, const VerdictFacts& facts) {
  switch (ending.how) {
    case How::done:
      if (!ending.stopped) break;
      return {RunEnd::failed, EndReason::signal,
              "returned early: its process was told to stop, its job was not"};
    case How::failed:
    case How::unable:
      return {RunEnd::failed, EndReason::error, ending.error};
    case How::exited:
      return {RunEnd::failed, EndReason::exit,
              with_last_line(fmt::format("left with exit code {}", ending.code), facts.last_line)};
    case How::killed:
      if (ending.code == SIGKILL && facts.kernel_was_short) {
        return {RunEnd::failed, EndReason::oom, "killed by the kernel, which was out of memory"};
      }
      return {RunEnd::failed, EndReason::signal,
              with_last_line(
                  fmt::format("killed by signal {} ({})", ending.code, ::strsignal(ending.code)),
                  facts.last_line)};
    case How::garbled:
      return {RunEnd::failed, EndReason::host_lost, ending.error};
  }
  return {};
}

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

bool HeldEnding::hold(exec::RunEnding& ending, Clock::time_point now) {
  if (!looks_told(ending)) return false;
  ending_ = std::move(ending);
  until_ = now + longest_hold;
  return true;
}

std::optional<exec::RunEnding> HeldEnding::release(bool told, Clock::time_point now) {
  if (!ending_ || (!told && now < until_)) return std::nullopt;
  return std::exchange(ending_, std::nullopt);
}

std::optional<HeldEnding::Clock::time_point> HeldEnding::until() const {
  return ending_ ? std::optional(until_) : std::nullopt;
}

Verdict judge(const exec::RunEnding& ending, const VerdictFacts& facts) {
  switch (facts.cause) {
    case EndCause::none:
      return judge_own_end(ending, facts);
    case EndCause::timeout:
      return {RunEnd::failed, EndReason::timeout,
              fmt::format("ran longer than {} (--run-timeout)", facts.limit)};
    case EndCause::memory:
      return {RunEnd::failed, EndReason::oom,
              fmt::format("used more than {} (--run-memory)", facts.limit)};
    case EndCause::deadline:
    case EndCause::cancelled:
      break;
  }
  // The run ended by itself before it noticed that it should stop.
  const bool own_end = ending.how == How::done && !ending.stopped;
  const bool own_fault = ending.how == How::failed && !ending.stopped;
  if (own_end || own_fault) return judge_own_end(ending, facts);
  const bool deadline = facts.cause == EndCause::deadline;
  return {
      RunEnd::interrupted, deadline ? EndReason::deadline : EndReason::cancelled,
      deadline ? "interrupted: the job's time was over" : "interrupted: the job was told to end"};
}

}  // namespace malet::sweep
