#include "base/text/run_id.hpp"
#include "catch.hpp"
#include "malet/config.hpp"

using namespace malet;

TEST_CASE("a run_id is the number of its fields, in hex") {
  const Config config{{"seed", 3}, {"lr", 0.5}, {"none", Value()}};
  const auto number = base::run_number("lr\t0.5\nseed\t3\n");
  CHECK(base::run_id_text(number) == config.run_id());
  CHECK(base::parse_run_id(config.run_id()) == number);
}

TEST_CASE("what is no run_id has no number") {
  CHECK(base::parse_run_id("00000000000000ff") == 255U);
  for (const char* text : {"", "ff", "00000000000000fg", "00000000000000ff0", "+0000000000000ff"}) {
    CHECK_FALSE(base::parse_run_id(text).has_value());
  }
}
