#include "catch.hpp"
#include "malet/error.hpp"
#include "record/series/series_extents.hpp"

using namespace malet;
using namespace malet::record;

namespace {

/// The index of one file about run 5 and metric "loss".
struct File {
  std::vector<std::uint64_t> runs = {5};
  std::vector<std::string> metrics = {"loss"};
  std::vector<SeriesEntry> entries = {};

  File(std::initializer_list<std::pair<std::uint64_t, std::uint64_t>> puts) {
    for (const auto& [position, length] : puts) {
      entries.push_back({0, 0, NumberKind::real, position, length, 0, 0, 0});
    }
  }
};

using Parts = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Positions and lengths that are left.
Parts joined(const std::vector<File>& files, bool whole = true) {
  std::vector<SeriesIndex> indices;
  for (const File& file : files) indices.push_back({&file.runs, &file.metrics, &file.entries});
  std::size_t at = 0;
  Parts parts;
  for (const SeriesExtent& extent : join_indices(indices, whole, at).extents) {
    parts.emplace_back(extent.position, extent.length);
  }
  return parts;
}

}  // namespace

TEST_CASE("extents of several files follow each other") {
  CHECK(joined({{{0, 10}}, {{10, 5}}, {{15, 1}}}) == Parts{{0, 10}, {10, 5}, {15, 1}});
}

TEST_CASE("a later entry drops what is behind its position") {
  CHECK(joined({{{0, 10}}, {{6, 5}}}) == Parts{{0, 6}, {6, 5}});
  CHECK(joined({{{0, 10}, {10, 5}}, {{3, 0}}}) == Parts{{0, 3}});
  CHECK(joined({{{0, 10}}, {{0, 2}}}) == Parts{{0, 2}});
}

TEST_CASE("a series that was dropped is none") {
  CHECK(joined({{{0, 10}}, {{0, 0}}}).empty());
  CHECK(joined({{{0, 10}}, {{0, 0}}, {{0, 3}}}) == Parts{{0, 3}});
}

TEST_CASE("a gap is an error that tells the file") {
  const std::vector<File> files = {{{0, 10}}, {{11, 5}}};
  CHECK_THROWS_WITH(joined(files), ContainsSubstring("0000000000000005"));
  CHECK_THROWS_AS(joined({{{1, 5}}}), Error);
}

TEST_CASE("parts may begin anywhere, and keep where a series ends") {
  CHECK(joined({{{10, 5}}, {{15, 2}}}, false) == Parts{{10, 5}, {15, 2}});
  CHECK(joined({{{10, 5}}, {{4, 0}}}, false) == Parts{{4, 0}});
  CHECK(joined({{{10, 5}}, {{12, 0}}}, false) == Parts{{10, 2}});
  CHECK(joined({{{4, 0}}, {{4, 3}}}, false) == Parts{{4, 3}});
}

TEST_CASE("runs and metrics are told apart") {
  File first({{0, 1}, {0, 2}});
  first.runs = {9, 5};
  first.entries[1].run = 1;
  File second({{1, 1}});
  second.metrics = {"acc", "loss"};
  second.entries[0].metric = 1;
  second.runs = {9};
  CHECK(joined({first, second}) == Parts{{0, 2}, {0, 1}, {1, 1}});
}
