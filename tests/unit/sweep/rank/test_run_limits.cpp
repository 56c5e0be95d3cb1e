#include "catch.hpp"
#include "sweep/rank/run_limits.hpp"

using namespace malet::sweep;
using Action = RunLimits::Action;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const RunLimits::Clock::time_point start{seconds(1000)};

RunLimits begun(RunLimits::Settings settings) {
  RunLimits limits(settings);
  limits.begin(start);
  return limits;
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
