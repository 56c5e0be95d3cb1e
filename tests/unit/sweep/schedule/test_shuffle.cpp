#include <set>

#include "catch.hpp"
#include "sweep/schedule/shuffle.hpp"

using malet::sweep::shuffled_position;

TEST_CASE("a shuffle is a permutation of any size") {
  for (const std::uint64_t size : {1U, 2U, 3U, 7U, 64U, 1000U, 4097U}) {
    std::set<std::uint64_t> seen;
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto position = shuffled_position(i, size);
      REQUIRE(position < size);
      seen.insert(position);
    }
    CHECK(seen.size() == size);
  }
}

TEST_CASE("a shuffle does not keep the order") {
  std::uint64_t rising = 0;
  for (std::uint64_t i = 1; i < 1000; ++i) {
    if (shuffled_position(i, 1000) > shuffled_position(i - 1, 1000)) ++rising;
  }
  CHECK(rising > 400);
  CHECK(rising < 600);
}
