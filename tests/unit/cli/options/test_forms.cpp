#include <string>

#include "catch.hpp"
#include "cli/options/forms.hpp"
#include "unit/cli/options/parsed_options.hpp"

using namespace malet;
using std::chrono::seconds;

namespace {

struct Limits {
  Halt halt;
  RunTimeout timeout;
  std::optional<std::uint64_t> memory;
};

Limits parse_limits(const std::string& flag, const std::string& value) {
  Limits limits;
  (void)parse_options({{"--halt", {}, {}, cli::halt(limits.halt)},
                       {"--run-timeout", {}, {}, cli::run_timeout(limits.timeout)},
                       {"--run-memory", {}, {}, cli::size(limits.memory)}},
                      {flag, value});
  return limits;
}

}  // namespace

TEST_CASE("a halt is a number of failures or a share of runs") {
  const Halt number = parse_limits("--halt", "fail=20").halt;
  CHECK(number.failures == 20U);
  CHECK_FALSE(number.percent);
  const Halt share = parse_limits("--halt", "fail=12.5%").halt;
  CHECK_FALSE(share.failures);
  CHECK(share.percent == 12.5);
  CHECK(parse_limits("--halt", "fail=100%").halt.percent == 100.0);
}

TEST_CASE("another halt is refused with the form that it has") {
  const auto text =
      GENERATE(as<std::string>{}, "", "20", "50%", "fail", "fail=", "fail=0", "fail=-1", "fail=x",
               "fail=5x", "fail=1.5", "fail=0%", "fail=101%", "fail=%", "fail=nan%", "fail=inf%",
               "fail=+5", "FAIL=3", "fail=99999999999999999999");
  INFO(text);
  CHECK_THROWS_WITH(parse_limits("--halt", text), ContainsSubstring("neither fail=N nor fail=P%"));
}

TEST_CASE("a run's time is a duration or a share of the median") {
  CHECK(parse_limits("--run-timeout", "90").timeout.fixed == seconds(90));
  CHECK(parse_limits("--run-timeout", "1:30:00").timeout.fixed == seconds(5400));
  CHECK(parse_limits("--run-timeout", "90").timeout.median_percent == 0);
  const RunTimeout share = parse_limits("--run-timeout", "300%").timeout;
  CHECK(share.median_percent == 300);
  CHECK(share.fixed == seconds(0));
}

TEST_CASE("another run time is refused") {
  const auto text = GENERATE(as<std::string>{}, "", "0", "-5", "soon", "0%", "-1%", "%", "x%",
                             "inf%", "nan%", "inf");
  INFO(text);
  CHECK_THROWS_WITH(parse_limits("--run-timeout", text),
                    ContainsSubstring("neither a duration") && ContainsSubstring("percentage"));
}

TEST_CASE("the last of several run times counts alone") {
  RunTimeout timeout{seconds(5), 0};
  cli::run_timeout(timeout).read("200%");
  CHECK(timeout.fixed == seconds(0));
  CHECK(timeout.median_percent == 200);
}

TEST_CASE("a run's memory is a size") {
  CHECK(parse_limits("--run-memory", "8G").memory == std::uint64_t{8} << 30U);
  for (const char* text : {"", "0", "much", "8X", "-1G"}) {
    CHECK_THROWS_WITH(parse_limits("--run-memory", text), ContainsSubstring("is no size"));
  }
}

TEST_CASE("a number is whole, and between two others") {
  int number = 0;
  std::optional<std::uint64_t> optional;
  cli::number(number, 1, 10).read("0x0a");
  cli::number(optional, 1, 10).read("3");
  CHECK(number == 10);
  CHECK(optional == 3U);
  for (const char* text : {"", "0", "11", "x", "3x", "1.5", "99999999999999999999"}) {
    CHECK_THROWS_WITH(cli::number(number, 1, 10).read(text),
                      ContainsSubstring("is no whole number from 1 to 10"));
  }
}
