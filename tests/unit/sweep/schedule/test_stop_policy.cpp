#include <csignal>

#include "catch.hpp"
#include "sweep/schedule/stop_policy.hpp"

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
  CHECK(stop.lasts() == milliseconds(77'500));
  CHECK(stop.left(start + seconds(70)) == milliseconds(7'500));
  CHECK(stop.pace(start + milliseconds(77'400), {}) == Pace::go_on);
  CHECK(stop.pace(start + milliseconds(77'500), {}) == Pace::graceful);
  CHECK_FALSE(stop.grace_is_over(start + milliseconds(97'400), 0));
  CHECK(stop.grace_is_over(start + milliseconds(97'600), 0));
}

TEST_CASE("a deadline shorter than the grace leaves half of it to run") {
  StopPolicy stop(start, seconds(10), seconds(20), false);
  CHECK(stop.pace(start + milliseconds(4900), {}) == Pace::go_on);
  CHECK(stop.pace(start + seconds(5), {}) == Pace::graceful);
  CHECK(stop.grace_is_over(start + milliseconds(8100), 0));
}

TEST_CASE("the margin follows what a save takes, and 2 s are always to spare") {
  StopPolicy stop(start, seconds(100), seconds(20), false);
  stop.set_save_cost(seconds(10));
  CHECK(stop.lasts() == milliseconds(57'500));  // one may be in work when the last is due
  CHECK(stop.grace() == seconds(20));
  stop.set_save_cost(seconds(0));
  CHECK(stop.lasts() == milliseconds(77'500));
  // What runs were told holds.
  CHECK(stop.pace(start + seconds(80), {}) == Pace::graceful);
  stop.set_save_cost(seconds(70));
  CHECK(stop.grace() == seconds(20));
}

TEST_CASE("where the grace is cut, supervisors have their moment and 2 s are to spare") {
  for (const int timeout : {10, 20, 30, 40}) {
    StopPolicy stop(start, seconds(timeout), seconds(20), false, StopPolicy::Setting::supervised);
    const auto deadline =
        start + std::chrono::duration_cast<StopPolicy::Clock::duration>(stop.lasts().value());
    CHECK(stop.pace(deadline + milliseconds(1), {}) == Pace::graceful);
    CHECK(stop.grace_is_over(start + seconds(timeout) - milliseconds(2'450), 0));
  }
}

TEST_CASE("without a deadline there is nothing left of it") {
  StopPolicy stop(start, {}, seconds(20), false);
  stop.set_save_cost(seconds(10));
  CHECK_FALSE(stop.lasts());
  CHECK_FALSE(stop.left(start));
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

TEST_CASE("supervisors have a moment longer to end their runs") {
  constexpr auto supervised = StopPolicy::Setting::supervised;
  StopPolicy graceful(start, {}, seconds(20), false, supervised);
  CHECK(graceful.pace(start, SIGUSR1) == Pace::graceful);
  CHECK_FALSE(graceful.grace_is_over(start + milliseconds(20'900), 1));
  CHECK(graceful.grace_is_over(start + milliseconds(21'100), 1));
  CHECK_FALSE(graceful.grace_is_over(start + milliseconds(1'900), 2));
  CHECK(graceful.grace_is_over(start + milliseconds(2'100), 2));
  StopPolicy urgent(start, {}, seconds(20), true, supervised);
  CHECK(urgent.pace(start, SIGTERM) == Pace::urgent);
  CHECK_FALSE(urgent.grace_is_over(start + milliseconds(400), 1));
  CHECK(urgent.grace_is_over(start + milliseconds(500), 1));
}

TEST_CASE("the time of supervisors comes out of the deadline, and the grace is what is left") {
  StopPolicy stop(start, seconds(100), seconds(20), false, StopPolicy::Setting::supervised);
  CHECK(stop.grace() == seconds(20));
  CHECK(stop.pace(start + milliseconds(76'400), {}) == Pace::go_on);
  CHECK(stop.pace(start + milliseconds(76'500), {}) == Pace::graceful);
  const StopPolicy short_one(start, seconds(10), seconds(20), false);
  CHECK(short_one.grace() == milliseconds(2'500));
}

TEST_CASE("some signals announce the end, others ask for it") {
  for (const int signal : {SIGUSR1, SIGUSR2, SIGXCPU}) CHECK(StopPolicy::is_soft(signal));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) CHECK_FALSE(StopPolicy::is_soft(signal));
}
