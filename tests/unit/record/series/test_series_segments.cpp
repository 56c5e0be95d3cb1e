#include "base/files/paths.hpp"
#include "catch.hpp"
#include "record/series/series_segments.hpp"

using namespace malet::record;
namespace paths = malet::base::paths;

using Ranges = std::vector<SegmentRange>;

TEST_CASE("segments count in their order") {
  CHECK(*counting_segments({{3, 3}, {1, 1}, {2, 2}}, 0) == Ranges{{1, 1}, {2, 2}, {3, 3}});
  CHECK(counting_segments({}, 0)->empty());
}

TEST_CASE("a merged segment stands for its parts") {
  CHECK(*counting_segments({{1, 1}, {2, 2}, {1, 2}, {3, 3}}, 0) == Ranges{{1, 2}, {3, 3}});
}

TEST_CASE("what log.h5 holds does not count again") {
  CHECK(*counting_segments({{1, 1}, {2, 2}, {3, 3}}, 2) == Ranges{{3, 3}});
  CHECK(counting_segments({{1, 1}, {2, 2}}, 2)->empty());
}

TEST_CASE("a missing segment is noticed") {
  CHECK_FALSE(counting_segments({{1, 1}, {3, 3}}, 0).has_value());
  CHECK_FALSE(counting_segments({{2, 2}}, 0).has_value());
  SegmentRange gap;
  CHECK_FALSE(counting_segments({{7, 9}, {1, 1}}, 3, &gap).has_value());
  CHECK(gap == SegmentRange{4, 6});
}

TEST_CASE("sixteen segments of a kind are merged") {
  Ranges segments;
  for (std::uint64_t i = 1; i <= 15; ++i) segments.push_back({i, i});
  CHECK(segments_to_merge(segments) == 0);
  segments.push_back({16, 16});
  CHECK(segments_to_merge(segments) == 16);
  segments.back() = {16, 31};
  CHECK(segments_to_merge(segments) == 0);
}

TEST_CASE("ever so many segments leave few files") {
  Ranges segments;
  std::size_t most = 0;
  for (std::uint64_t i = 1; i <= 5000; ++i) {
    segments.push_back({i, i});
    while (const std::size_t count = segments_to_merge(segments)) {
      const SegmentRange range{segments[segments.size() - count].first, segments.back().last};
      segments.resize(segments.size() - count);
      segments.push_back(range);
    }
    most = std::max(most, segments.size());
  }
  CHECK(most <= 4 * 16);
}

TEST_CASE("names of segments tell their numbers") {
  const auto path = paths::series_segment("EXP/log.tsv", 3, 12);
  CHECK(path == "EXP/log.h5.d/00000003-00000012.h5");
  CHECK(paths::segment_numbers(path) == std::pair<std::uint64_t, std::uint64_t>(3, 12));
  for (const char* name : {"3.h5", "00000012-00000003.h5", "00000000-00000001.h5",
                           "00000001-00000001.h5.tmp.12", "-1.h5", "00000001-.h5"}) {
    CHECK_FALSE(paths::segment_numbers(name).has_value());
  }
}
