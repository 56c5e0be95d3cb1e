#include "catch.hpp"
#include "sweep/schedule/run_times.hpp"

using namespace malet::sweep;
using std::chrono::seconds;

TEST_CASE("there is no limit before three runs are complete") {
  RunTimes times;
  times.add(seconds(1));
  times.add(seconds(2));
  CHECK_FALSE(times.limit(300));
  times.add(seconds(90));
  CHECK(times.limit(300) == Micros(seconds(6)));
  CHECK_FALSE(times.limit(0));
}

TEST_CASE("very short runs are not ended for a hiccup") {
  RunTimes times;
  for (int i = 0; i < 3; ++i) times.add(Micros(5));
  CHECK(times.limit(200) == Micros(100'000));
}

TEST_CASE("of very many runs the latest ones count") {
  RunTimes times;
  for (int i = 0; i < 2000; ++i) times.add(seconds(1));
  for (int i = 0; i < 600; ++i) times.add(seconds(10));
  CHECK(times.limit(100) == Micros(seconds(10)));
}

TEST_CASE("a percentage beyond all measure is a limit of decades") {
  RunTimes times;
  for (int i = 0; i < 3; ++i) times.add(seconds(1));
  const auto limit = times.limit(1e300);
  REQUIRE(limit);
  CHECK(*limit > std::chrono::hours(24 * 3650));
  CHECK(std::chrono::nanoseconds(*limit) > std::chrono::nanoseconds(0));
}
