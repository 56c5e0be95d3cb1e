#include <csignal>

#include "catch.hpp"
#include "sweep/rank/run_end.hpp"

using namespace malet;
using namespace malet::sweep;
using Action = RunLimits::Action;
using How = exec::RunEnding::How;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const RunLimits::Clock::time_point start{seconds(1000)};

RunLimits begun(RunLimits::Settings settings) {
  RunLimits limits(settings);
  limits.begin(start);
  return limits;
}

exec::RunEnding ending(How how, int code = 0, bool stopped = false) {
  exec::RunEnding made;
  made.how = how;
  made.code = code;
  made.stopped = stopped;
  return made;
}

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

TEST_CASE("a run without limits is left alone") {
  auto limits = begun({});
  CHECK(limits.check(start + std::chrono::hours(10000)) == Action::none);
  CHECK(limits.check_memory(std::uint64_t{1} << 50U, start) == Action::none);
  CHECK_FALSE(limits.next());
  CHECK(limits.cause() == EndCause::none);
}

TEST_CASE("a run over its time is asked once, then killed after the grace, again and again") {
  auto limits = begun({{}, seconds(5), seconds(10)});
  CHECK(limits.check(start + seconds(10)) == Action::none);
  CHECK(limits.next() == start + seconds(10));
  const auto late = start + seconds(11);
  CHECK(limits.check(late) == Action::ask);
  CHECK(limits.cause() == EndCause::timeout);
  CHECK(limits.check(late) == Action::none);
  CHECK(limits.next() == late + seconds(5));
  CHECK(limits.check(late + seconds(5)) == Action::kill);
  CHECK(limits.check(late + milliseconds(5500)) == Action::none);
  CHECK(limits.check(late + seconds(6)) == Action::kill);
}

TEST_CASE("a limit that comes later counts for the run in progress") {
  auto limits = begun({});
  limits.set_timeout(milliseconds(100));
  CHECK(limits.next() == start + milliseconds(100));
  CHECK(limits.check(start + milliseconds(101)) == Action::ask);
}

TEST_CASE("too much memory is killed at once, whatever was said before") {
  auto limits = begun({1000, seconds(5), seconds(10)});
  CHECK(limits.check_memory(1000, start) == Action::none);
  CHECK(limits.check(start + seconds(11)) == Action::ask);
  CHECK(limits.check_memory(1001, start + seconds(12)) == Action::kill);
  CHECK(limits.cause() == EndCause::memory);
  CHECK(limits.check_memory(2000, start + seconds(12)) == Action::none);
  CHECK(limits.check(start + seconds(13)) == Action::kill);
}

TEST_CASE("the job's end asks the run in progress, with the cause") {
  const auto [cause, expected] = GENERATE(std::pair(StopCause::deadline, EndCause::deadline),
                                          std::pair(StopCause::cancelled, EndCause::cancelled));
  auto limits = begun({{}, seconds(5), {}});
  limits.stop(cause, start, seconds(3));
  CHECK(limits.stopping() == cause);
  CHECK(limits.cause() == expected);
  CHECK(limits.check(start) == Action::ask);
  CHECK(limits.check(start + seconds(3)) == Action::kill);
}

TEST_CASE("a stop that is said again can only shorten the grace") {
  auto limits = begun({});
  limits.stop(StopCause::deadline, start, seconds(20));
  CHECK(limits.check(start) == Action::ask);
  limits.stop(StopCause::cancelled, start + seconds(1), seconds(30));
  CHECK(limits.next() == start + seconds(20));
  limits.stop(StopCause::cancelled, start + seconds(2), seconds(1));
  CHECK(limits.next() == start + seconds(3));
  CHECK(limits.cause() == EndCause::deadline);
  CHECK(limits.stopping() == StopCause::deadline);
}

TEST_CASE("a run over its time stays so when the job ends, but has no longer than the job") {
  auto limits = begun({{}, seconds(20), seconds(10)});
  CHECK(limits.check(start + seconds(11)) == Action::ask);
  limits.stop(StopCause::cancelled, start + seconds(12), seconds(2));
  CHECK(limits.cause() == EndCause::timeout);
  CHECK(limits.check(start + seconds(14)) == Action::kill);
}

TEST_CASE("the next run starts with nothing against it") {
  auto limits = begun({1000, seconds(5), seconds(10)});
  CHECK(limits.check_memory(2000, start) == Action::kill);
  limits.begin(start + seconds(100));
  CHECK(limits.cause() == EndCause::none);
  CHECK(limits.check(start + seconds(105)) == Action::none);
  CHECK(limits.next() == start + seconds(110));
}

TEST_CASE("an ending by a signal that ends jobs is held until the job is told") {
  const auto now = HeldEnding::Clock::now();
  for (const auto& held : {ending(How::killed, SIGTERM), ending(How::killed, SIGINT),
                           ending(How::killed, SIGHUP), ending(How::exited, 128 + SIGTERM),
                           ending(How::done, 0, true), ending(How::failed, 0, true)}) {
    HeldEnding holder;
    auto given = held;
    REQUIRE(holder.hold(given, now));
    REQUIRE(holder.until());
    CHECK_FALSE(holder.release(false, now + milliseconds(10)));
    const auto back = holder.release(true, now + milliseconds(10));
    REQUIRE(back);
    CHECK(back->how == held.how);
    CHECK(back->code == held.code);
    CHECK_FALSE(holder.release(true, now + milliseconds(20)));
    CHECK_FALSE(holder.until());
  }
}

TEST_CASE("nobody tells the job: the ending is given back in the end") {
  const auto now = HeldEnding::Clock::now();
  HeldEnding holder;
  auto given = ending(How::killed, SIGTERM);
  REQUIRE(holder.hold(given, now));
  CHECK(holder.release(false, *holder.until()));
}

TEST_CASE("other endings are not held") {
  const auto now = HeldEnding::Clock::now();
  for (auto given : {ending(How::done), ending(How::failed), ending(How::killed, SIGSEGV),
                     ending(How::killed, SIGKILL), ending(How::exited, 1),
                     ending(How::exited, SIGTERM), ending(How::garbled), ending(How::unable)}) {
    HeldEnding holder;
    CHECK_FALSE(holder.hold(given, now));
    CHECK_FALSE(holder.until());
  }
}

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
