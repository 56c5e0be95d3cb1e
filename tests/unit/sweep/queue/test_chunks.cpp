#include "catch.hpp"
#include "sweep/queue/chunks.hpp"

using namespace malet;
using namespace malet::sweep;

namespace {

ConfigIter whole_grid(std::uint64_t size) {
  return ConfigIter::from_text("grid: {a: [i;0:1:" + std::to_string(size) + "]}");
}

}  // namespace

TEST_CASE("a whole grid has all of every chunk") {
  const ChunkScope scope(whole_grid(10), {10, 4});
  CHECK(scope.count_in(0) == 4);
  CHECK(scope.count_in(2) == 2);
  CHECK(scope.configs_in(2).index(0) == 8);
  for (std::uint64_t chunk = 0; chunk < 3; ++chunk) CHECK(scope.has_all_of(chunk));
}

TEST_CASE("of a filtered grid a chunk has what is left of it") {
  ConfigIter some = whole_grid(12);
  some.filter_iter([](std::uint64_t index, const Config&) { return index % 3 == 1 || index > 8; });
  const ChunkScope scope(some, {12, 3});  // 1, 4, 7, 9, 10, 11
  for (std::uint64_t chunk = 0; chunk < 3; ++chunk) {
    CHECK(scope.count_in(chunk) == 1);
    CHECK(scope.configs_in(chunk).index(0) == 3 * chunk + 1);
    CHECK_FALSE(scope.has_all_of(chunk));
  }
  CHECK(scope.has_all_of(3));
}

TEST_CASE("a filter that leaves nothing leaves nothing of any chunk") {
  ConfigIter none = whole_grid(5);
  none.filter_iter([](std::uint64_t, const Config&) { return false; });
  const ChunkScope scope(none, {5, 2});
  for (std::uint64_t chunk = 0; chunk < 3; ++chunk) CHECK(scope.count_in(chunk) == 0);
}
