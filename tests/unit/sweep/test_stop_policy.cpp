#include <csignal>

#include "catch.hpp"
#include "sweep/stop_policy.hpp"

using malet::sweep::StopPolicy;
using Pace = StopPolicy::Pace;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const StopPolicy::Clock::time_point start{};

}  // namespace

TEST_CASE("without a deadline and signals a job goes on") {
  StopPolicy stop(start, {}, seconds(20), true);
  CHECK(stop.pace(start + std::chrono::hours(1000), {}) == Pace::go_on);
  CHECK_FALSE(stop.grace_is_over(start + std::chrono::hours(1000), 0));
}

TEST_CASE("a deadline leaves the grace and time for the last save") {
  StopPolicy stop(start, seconds(100), seconds(20), false);
  CHECK(stop.pace(start + seconds(77), {}) == Pace::go_on);
  CHECK(stop.pace(start + seconds(78), {}) == Pace::graceful);
  CHECK_FALSE(stop.grace_is_over(start + seconds(97), 0));
  CHECK(stop.grace_is_over(start + seconds(99), 0));
}

TEST_CASE("a deadline shorter than the grace leaves half of it to run") {
  StopPolicy stop(start, seconds(10), seconds(20), false);
  CHECK(stop.pace(start + milliseconds(4900), {}) == Pace::go_on);
  CHECK(stop.pace(start + seconds(5), {}) == Pace::graceful);
  CHECK(stop.grace_is_over(start + milliseconds(8100), 0));
}

TEST_CASE("a deadline of many years is none") {
  StopPolicy stop(start, StopPolicy::Seconds(1e300), seconds(20), false);
  CHECK(stop.pace(start + std::chrono::hours(1000), {}) == Pace::go_on);
}

TEST_CASE("TERM under mpirun is urgent, elsewhere graceful") {
  StopPolicy under_mpirun(start, {}, seconds(20), true);
  CHECK(under_mpirun.pace(start, SIGTERM) == Pace::urgent);
  CHECK_FALSE(under_mpirun.grace_is_over(start + milliseconds(200), 1));
  CHECK(under_mpirun.grace_is_over(start + milliseconds(300), 1));
  StopPolicy alone(start, {}, seconds(20), false);
  CHECK(alone.pace(start, SIGTERM) == Pace::graceful);
  CHECK_FALSE(alone.grace_is_over(start + seconds(19), 1));
}

TEST_CASE("USR1 is graceful everywhere") {
  StopPolicy stop(start, {}, seconds(20), true);
  CHECK(stop.pace(start, SIGUSR1) == Pace::graceful);
  CHECK_FALSE(stop.grace_is_over(start + seconds(19), 1));
  CHECK(stop.grace_is_over(start + seconds(21), 1));
}

TEST_CASE("a second signal shortens the grace") {
  StopPolicy stop(start, {}, seconds(20), false);
  CHECK(stop.pace(start, SIGINT) == Pace::graceful);
  CHECK(stop.grace_is_over(start + seconds(2), 2));
}
