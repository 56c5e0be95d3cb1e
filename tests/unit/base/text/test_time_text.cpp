#include <cstdlib>
#include <ctime>

#include "base/text/time_text.hpp"
#include "catch.hpp"

using malet::base::append_duration;
using malet::base::Micros;
using malet::base::parse_datetime;
using malet::base::parse_duration;
using malet::base::parse_utc;

namespace {

std::string duration(std::int64_t micros) {
  std::string text;
  append_duration(text, Micros(micros));
  return text;
}

}  // namespace

TEST_CASE("durations are written as pandas writes a Timedelta") {
  CHECK(duration(0) == "0 days 00:00:00");
  CHECK(duration(60'000'000) == "0 days 00:01:00");
  CHECK(duration(7115) == "0 days 00:00:00.007115");
  CHECK(duration(93'784'000'005) == "1 days 02:03:04.000005");
  CHECK(duration(-5) == "0 days 00:00:00");
}

TEST_CASE("durations are read back, other text is not") {
  for (const std::int64_t micros : {0L, 1L, 7115L, 59'999'999L, 86'400'000'000L, 93'784'000'005L}) {
    CHECK(parse_duration(duration(micros)) == Micros(micros));
  }
  CHECK(parse_duration("0 days 00:00:01.5") == Micros(1'500'000));
  for (const char* text : {"", "1", "0 days", "0 days 00:00", "0 days 00:00:61", "0 days 24:00:00",
                           "x days 00:00:00", "0 days 00:00:00.", "0 days 00:00:00.1x"}) {
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("points in time are read back, other text is not") {
  const Micros now = malet::base::now();
  CHECK(parse_datetime(malet::base::datetime_text(now)) == now);
  const auto without_fraction = parse_datetime("2026-01-02 03:04:05");
  REQUIRE(without_fraction);
  CHECK(malet::base::datetime_text(*without_fraction) == "2026-01-02 03:04:05.000000");
  for (const char* text : {"", "2026-01-02", "2026-13-02 03:04:05", "2026-01-02 25:04:05", "nan"}) {
    CHECK_FALSE(parse_datetime(text));
  }
}

TEST_CASE("local times are read back around changes to and from summer time") {
  const char* before = std::getenv("TZ");
  const std::string zone = before == nullptr ? "" : before;
  ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
  ::tzset();
  constexpr std::int64_t changes[] = {1'774'746'000, 1'792'890'000};  // 2026-03-29, 2026-10-25
  for (const std::int64_t change : changes) {
    for (std::int64_t hour = -30; hour <= 30; ++hour) {
      const Micros time((change + hour * 1800) * 1'000'000);
      const std::string text = malet::base::datetime_text(time);
      const auto read = parse_datetime(text);
      REQUIRE(read);
      CHECK(malet::base::datetime_text(*read) == text);  // of an hour that comes twice either one
      CHECK(malet::base::is_datetime(text));
    }
  }
  CHECK_FALSE(malet::base::is_datetime("yesterday"));
  before == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", zone.c_str(), 1);
  ::tzset();
}

TEST_CASE("times of ISO 8601 are read as UTC or by their offset, other text is not") {
  const Micros time(1'767'323'045'000'000);
  CHECK(parse_utc("2026-01-02T03:04:05") == time);
  CHECK(parse_utc("2026-01-02T03:04:05Z") == time);
  CHECK(parse_utc("2026-01-02T03:04:05.250Z") == time + Micros(250'000));
  CHECK(parse_utc("2026-01-02T05:34:05+02:30") == time);
  CHECK(parse_utc("2026-01-01T22:04:05-05:00") == time);
  for (const char* text : {"", "Z", "2026-01-02", "2026-01-02 03:04:05", "2026-01-02T03:04:05+2",
                           "2026-01-02T03:04:05+02:00x", "2026-01-02T03:04:61Z"}) {
    CHECK_FALSE(parse_utc(text));
  }
}
