#include <csignal>

#include "catch.hpp"
#include "sweep/rank/run_verdict.hpp"

using namespace malet;
using namespace malet::sweep;
using How = exec::RunEnding::How;

namespace {

exec::RunEnding ended(How how, int code = 0, bool stopped = false) {
  exec::RunEnding ending;
  ending.how = how;
  ending.code = code;
  ending.stopped = stopped;
  if (how == How::failed || how == How::unable || how == How::garbled)
    ending.error = "what it said";
  return ending;
}

void check_verdict(const exec::RunEnding& ending, const VerdictFacts& facts, RunEnd end,
                   EndReason reason, const std::string& error) {
  const Verdict verdict = judge(ending, facts);
  CHECK(verdict.end == end);
  CHECK(name_of(verdict.reason) == name_of(reason));
  CHECK(verdict.error == error);
}

}  // namespace

TEST_CASE("a run that nobody ended is judged by its own end") {
  const VerdictFacts facts;
  check_verdict(ended(How::done), facts, RunEnd::complete, EndReason::ok, "");
  check_verdict(ended(How::failed), facts, RunEnd::failed, EndReason::error, "what it said");
  check_verdict(ended(How::unable), facts, RunEnd::failed, EndReason::error, "what it said");
  check_verdict(ended(How::garbled), facts, RunEnd::failed, EndReason::host_lost, "what it said");
  check_verdict(ended(How::exited, 3), facts, RunEnd::failed, EndReason::exit,
                "left with exit code 3");
  // A host that leaves with 0 amid a run has not returned from it.
  check_verdict(ended(How::exited, 0), facts, RunEnd::failed, EndReason::exit,
                "left with exit code 0");
  check_verdict(ended(How::killed, SIGSEGV), facts, RunEnd::failed, EndReason::signal,
                "killed by signal 11 (Segmentation fault)");
}

TEST_CASE("a run that somebody else told to stop is not complete") {
  check_verdict(ended(How::done, 0, true), {}, RunEnd::failed, EndReason::signal,
                "returned early: its process was told to stop, its job was not");
}

TEST_CASE("the last line of stderr says more about an exit or a crash") {
  VerdictFacts facts;
  facts.last_line = "no such file";
  check_verdict(ended(How::exited, 2), facts, RunEnd::failed, EndReason::exit,
                "left with exit code 2: no such file");
  check_verdict(ended(How::killed, SIGABRT), facts, RunEnd::failed, EndReason::signal,
                "killed by signal 6 (Aborted): no such file");
  check_verdict(ended(How::failed), facts, RunEnd::failed, EndReason::error, "what it said");
}

TEST_CASE("a kill is blamed on memory only when the kernel was short of it") {
  VerdictFacts facts;
  check_verdict(ended(How::killed, SIGKILL), facts, RunEnd::failed, EndReason::signal,
                "killed by signal 9 (Killed)");
  facts.kernel_was_short = true;
  check_verdict(ended(How::killed, SIGKILL), facts, RunEnd::failed, EndReason::oom,
                "killed by the kernel, which was out of memory");
  check_verdict(ended(How::killed, SIGSEGV), facts, RunEnd::failed, EndReason::signal,
                "killed by signal 11 (Segmentation fault)");
}

TEST_CASE("a run over a limit has failed, however it ended") {
  const auto ending = GENERATE(ended(How::done), ended(How::done, 0, true), ended(How::failed),
                               ended(How::exited, 1), ended(How::killed, SIGTERM));
  VerdictFacts facts;
  facts.limit = "10 s";
  facts.cause = EndCause::timeout;
  check_verdict(ending, facts, RunEnd::failed, EndReason::timeout,
                "ran longer than 10 s (--run-timeout)");
  facts.limit = "1 GiB";
  facts.cause = EndCause::memory;
  check_verdict(ending, facts, RunEnd::failed, EndReason::oom,
                "used more than 1 GiB (--run-memory)");
}

TEST_CASE("what the job's end has ended is interrupted") {
  const auto ending =
      GENERATE(ended(How::done, 0, true), ended(How::failed, 0, true), ended(How::exited, 1),
               ended(How::killed, SIGTERM), ended(How::killed, SIGKILL), ended(How::garbled));
  VerdictFacts facts;
  facts.cause = EndCause::deadline;
  check_verdict(ending, facts, RunEnd::interrupted, EndReason::deadline,
                "interrupted: the job's time was over");
  facts.cause = EndCause::cancelled;
  check_verdict(ending, facts, RunEnd::interrupted, EndReason::cancelled,
                "interrupted: the job was told to end");
}

TEST_CASE("what ended by itself while the job ended has its own end") {
  VerdictFacts facts;
  facts.cause = GENERATE(EndCause::deadline, EndCause::cancelled);
  check_verdict(ended(How::done), facts, RunEnd::complete, EndReason::ok, "");
  check_verdict(ended(How::failed), facts, RunEnd::failed, EndReason::error, "what it said");
}
