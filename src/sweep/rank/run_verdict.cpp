#include "sweep/rank/run_verdict.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

namespace malet::sweep {

namespace {

using How = exec::RunEnding::How;

std::string with_last_line(std::string text, const std::string& line) {
  return line.empty() ? text : fmt::format("{}: {}", text, line);
}

/// A run that nobody ended but itself.
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
  // What ended by itself before it was seen to stop has the end that it has.
  const bool own_end = ending.how == How::done && !ending.stopped;
  const bool own_fault = ending.how == How::failed && !ending.stopped;
  if (own_end || own_fault) return judge_own_end(ending, facts);
  const bool deadline = facts.cause == EndCause::deadline;
  return {
      RunEnd::interrupted, deadline ? EndReason::deadline : EndReason::cancelled,
      deadline ? "interrupted: the job's time was over" : "interrupted: the job was told to end"};
}

}  // namespace malet::sweep
