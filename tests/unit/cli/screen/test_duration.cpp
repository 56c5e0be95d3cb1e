#include <string>

#include "catch.hpp"
#include "cli/screen/duration.hpp"

using malet::cli::clock_text;
using malet::cli::parse_duration;
using malet::cli::rate_text;
using malet::cli::Seconds;

namespace {

double seconds(const std::string& text) {
  const auto duration = parse_duration(text);
  return duration ? duration->count() : -1;
}

}  // namespace

TEST_CASE("a duration without a unit is in seconds") {
  CHECK(seconds("90") == 90);
  CHECK(seconds("0") == 0);
  CHECK(seconds("2.5") == 2.5);
}

TEST_CASE("durations take units") {
  CHECK(seconds("90s") == 90);
  CHECK(seconds("15m") == 900);
  CHECK(seconds("2h") == 7200);
  CHECK(seconds("1d") == 86400);
  CHECK(seconds("1.5h") == 5400);
  CHECK(seconds("1h30m") == 5400);
  CHECK(seconds("1d2h3m4s") == 86400 + 7200 + 180 + 4);
}

TEST_CASE("durations are read as Slurm reads its time limits") {
  CHECK(seconds("1:30:00") == 5400);
  CHECK(seconds("2-12:00:00") == 2 * 86400 + 12 * 3600);
  CHECK(seconds("15:30") == 930);
  CHECK(seconds("90:00") == 5400);
  CHECK(seconds("100:00:00") == 360000);
  CHECK(seconds("1-6") == 86400 + 6 * 3600);
  CHECK(seconds("1-6:30") == 86400 + 6 * 3600 + 30 * 60);
}

TEST_CASE("what is no duration is refused") {
  for (const std::string text :
       {"",     " ",       "-5",          "soon",      "1x",    "s",      "h1",
        "1m1h", "1s1s",    "1e3",         "1h30",      "1.2.3", ".",      "1 h",
        "1:60", "1:60:00", "1:00:60",     "1:2:3:4",   ":",     "1:",     ":1",
        "1::2", "1-",      "-1-2",        "1-24",      "1-2-3", "1.5:00", "1-1:1:1:1",
        "inf",  "nan",     "99999999999", "99999999d", "0x10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
  CHECK_FALSE(parse_duration(std::string(100'000, '9')));
}

TEST_CASE("a duration is shown as a clock, rounded up") {
  CHECK(clock_text(Seconds(29)) == "0:00:29");
  CHECK(clock_text(Seconds(28.2)) == "0:00:29");
  CHECK(clock_text(Seconds(0)) == "0:00:00");
  CHECK(clock_text(Seconds(12 * 3600 + 34 * 60 + 56)) == "12:34:56");
  CHECK(clock_text(Seconds(2 * 86400 + 3 * 3600 + 65)) == "2-03:01:05");
  CHECK(clock_text(Seconds(-5)) == "0:00:00");
  CHECK_FALSE(clock_text(Seconds(1e300)).empty());
}

TEST_CASE("a rate is shown in the unit that suits it") {
  CHECK(rate_text(412'345.6) == "412346/s");
  CHECK(rate_text(12.34) == "12.3/s");
  CHECK(rate_text(1) == "1.0/s");
  CHECK(rate_text(0.5) == "30.0/min");
  CHECK(rate_text(0.01) == "36.0/h");
}
