#include <algorithm>

#include "catch.hpp"
#include "sweep/channel/channel.hpp"

using malet::sweep::Backoff;
using std::chrono::microseconds;

TEST_CASE("rests grow from none to 2 ms, and to 5 ms when nothing comes for long") {
  Backoff backoff;
  const microseconds limit(100'000);
  CHECK(backoff.next(limit) == microseconds(0));
  microseconds waited{};
  microseconds longest{};
  while (waited < microseconds(100'000)) {
    const auto span = backoff.next(limit);
    longest = std::max(longest, span);
    waited += span;
  }
  CHECK(longest == microseconds(2000));
  for (int i = 0; i < 200; ++i) (void)backoff.next(limit);
  CHECK(backoff.next(limit) == microseconds(5000));
  CHECK(backoff.next(microseconds(300)) == microseconds(300));
  backoff.reset();
  CHECK(backoff.next(limit) == microseconds(0));
}
