#include <algorithm>
#include <set>

#include "catch.hpp"
#include "sweep/schedule/work_list.hpp"

using namespace malet;
using namespace malet::sweep;

namespace {

ConfigIter grid(const std::string& axes) {
  return ConfigIter::from_text("grid: {" + axes + "}");
}

std::vector<std::uint64_t> indices(const std::vector<IndexRange>& ranges) {
  std::vector<std::uint64_t> all;
  for (const auto& range : ranges) {
    for (std::uint64_t i = 0; i < range.count; ++i) all.push_back(range.first + i * range.step);
  }
  return all;
}

using Indices = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("never-run configs come first, then interrupted, then failed ones") {
  WorkList list(grid("a: [0, 1, 2, 3, 4, 5, 6]"), {{1, 2, 4, 5}, {4}, {5, 2}}, false, false);
  CHECK(list.remaining() == 6);  // 1 is complete
  CHECK(indices(list.take(100)) == Indices{0, 3, 6, 4, 5, 2});
  CHECK(list.remaining() == 0);
  CHECK(list.take(1).empty());
}

TEST_CASE("a whole grid is taken as one range") {
  WorkList list(grid("a: [i;0:1:1000000]"), {}, false, false);
  CHECK(list.take(10) == std::vector<IndexRange>{{0, 10, 1}});
  CHECK(list.take(1'000'000) == std::vector<IndexRange>{{10, 999'990, 1}});
}

TEST_CASE("a split is taken as one range with a step") {
  WorkList list(grid("a: [i;0:1:1000]").split(4, 1), {}, false, false);
  CHECK(list.remaining() == 250);
  CHECK(list.take(1000) == std::vector<IndexRange>{{1, 250, 4}});
}

TEST_CASE("what is known of other splits does not count") {
  WorkList list(grid("a: [i;0:1:8]").split(2, 0), {{1, 2, 3, 4}, {3, 4}, {1}}, false, false);
  CHECK(list.remaining() == 3);
  CHECK(indices(list.take(9)) == Indices{0, 6, 4});
}

TEST_CASE("a repeated config runs once, under its first index") {
  const auto configs = grid("a: [5, 6, 5, 6, 7]");
  WorkList list(configs, {}, true, false);
  CHECK(list.remaining() == 3);
  CHECK(indices(list.take(9)) == Indices{0, 1, 4});
  WorkList other_split(configs.split(2, 0), {}, true, false);
  CHECK(indices(other_split.take(9)) == Indices{0, 4});
}

TEST_CASE("a shuffled list holds every config once") {
  WorkList list(grid("a: [i;0:1:500]"), {{3, 4, 400}, {400}, {}}, false, true);
  CHECK(list.remaining() == 498);
  auto taken = indices(list.take(1000));
  REQUIRE(taken.size() == 498);
  CHECK(taken.back() == 400);  // interrupted ones come after new ones, shuffled or not
  CHECK_FALSE(std::is_sorted(taken.begin(), taken.end() - 1));
  const std::set<std::uint64_t> distinct(taken.begin(), taken.end());
  CHECK(distinct.size() == 498);
  CHECK_FALSE(distinct.contains(3));
}

TEST_CASE("what is put back is handed out next") {
  WorkList list(grid("a: [i;0:1:10]"), {}, false, false);
  (void)list.take(4);
  list.put_back({{2, 2, 1}});
  CHECK(list.remaining() == 8);
  CHECK(indices(list.take(3)) == Indices{2, 3, 4});
}

TEST_CASE("indices are joined into ranges") {
  std::vector<IndexRange> ranges;
  for (const std::uint64_t index : {1U, 2U, 3U, 10U, 20U, 30U, 5U}) append_index(ranges, index);
  CHECK(indices(ranges) == Indices{1, 2, 3, 10, 20, 30, 5});
  CHECK(ranges.size() == 3);
}

TEST_CASE("with expected durations the longest come first in each group") {
  const auto longest_last = [](std::uint64_t index) { return static_cast<double>(index); };
  WorkList list(grid("a: [0, 1, 2, 3, 4, 5, 6]"), {{1, 2, 4, 5}, {4}, {2, 5}, longest_last}, false,
                false);
  CHECK(list.remaining() == 6);
  CHECK(indices(list.take(2)) == Indices{6, 3});
  list.put_back({{3, 1, 1}});
  CHECK(indices(list.take(100)) == Indices{3, 0, 4, 5, 2});
  CHECK(list.remaining() == 0);
  CHECK(list.take(1).empty());
}

TEST_CASE("configs of equal duration stay in grid order") {
  const auto by_half = [](std::uint64_t index) { return index < 3 ? 1.0 : 2.0; };
  WorkList list(grid("a: [0, 1, 2, 3, 4, 5]"), {{}, {}, {}, by_half}, false, false);
  CHECK(indices(list.take(9)) == Indices{3, 4, 5, 0, 1, 2});
}

TEST_CASE("sorted by duration a repeated config runs once, and a split has its own only") {
  const auto longest_last = [](std::uint64_t index) { return static_cast<double>(index); };
  const auto configs = grid("a: [5, 6, 5, 6, 7]");
  WorkList list(configs, {{}, {}, {}, longest_last}, true, false);
  CHECK(indices(list.take(9)) == Indices{4, 1, 0});
  WorkList split(configs.split(2, 0), {{}, {}, {}, longest_last}, true, false);
  CHECK(indices(split.take(9)) == Indices{4, 0});
}

TEST_CASE("configs that are added are handed out in order, behind those that were given back") {
  const auto configs = ConfigIter::from_text("grid: {a: [i;0:1:9]}");
  WorkList list(configs.slice(0, 0), {}, false, false);
  list.add({{4, 2, 1}, {0, 0, 1}});
  list.add({{1, 1, 1}});
  CHECK(list.remaining() == 3);
  CHECK(list.take(1) == std::vector<IndexRange>{{4, 1, 1}});
  list.put_back({{4, 1, 1}});
  CHECK(list.take(9) == std::vector<IndexRange>{{4, 1, 1}, {5, 1, 1}, {1, 1, 1}});
  CHECK(list.remaining() == 0);
}
