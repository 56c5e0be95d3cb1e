#include "catch.hpp"
#include "sweep/job/job_setup.hpp"

using namespace malet;
using namespace malet::sweep;

namespace {

/// How many configs each of the slots gets under a static schedule.
std::vector<std::uint64_t> shares(const ExperimentOptions& options, std::size_t slots) {
  const auto configs = ConfigIter::from_text("grid: {seed: [i;0:1:24]}");
  Folder folder{{}, {}, configs, {}, {}, {}, {}, {}, {}, {}, {}};
  const Scope scope = make_scope(configs, options);
  Scheduler scheduler = make_scheduler(make_setup(folder, scope, true), scope, options, slots);
  std::vector<std::uint64_t> counts;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    std::uint64_t count = 0;
    for (const auto& assignment : scheduler.on_ready(slot)) {
      for (const IndexRange& range : assignment.ranges) count += range.count;
    }
    counts.push_back(count);
  }
  return counts;
}

}  // namespace

TEST_CASE("a static schedule gives every slot its share of a split or filter") {
  ExperimentOptions options;
  options.pace.schedule = Schedule::fixed;
  CHECK(shares(options, 5) == std::vector<std::uint64_t>{5, 5, 5, 5, 4});
  SECTION("of a split") {
    options.splits.total = "2";
    CHECK(shares(options, 4) == std::vector<std::uint64_t>{3, 3, 3, 3});
  }
  SECTION("of a filter") {
    options.splits.filter = "seed in [0, 2, 4, 6, 8, 10, 12]";
    CHECK(shares(options, 4) == std::vector<std::uint64_t>{2, 2, 2, 1});
    CHECK(shares(options, 2) == std::vector<std::uint64_t>{4, 3});
  }
  SECTION("also where there are fewer configs than slots") {
    options.splits.filter = "seed < 2";
    CHECK(shares(options, 3) == std::vector<std::uint64_t>{1, 1, 0});
  }
}
