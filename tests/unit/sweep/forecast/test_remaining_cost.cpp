#include <algorithm>
#include <string>
#include <vector>

#include "catch.hpp"
#include "sweep/forecast/remaining_cost.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

std::string row(const std::string& width, int seed, const std::string& duration,
                const std::string& status) {
  return "0\t" + width + "\t" + std::to_string(seed) + "\t0 days " + duration + "\t" + status +
         "\n";
}

std::string cost_log_text(const std::string& rows) {
  return "[Static Configs]\n{}\n---------------------------------------------\n"
         "  \t     \t    \tduration\tstatus\nid\twidth\tseed\t        \t      \n" +
         rows;
}

/// What is left of a grid after some rows.
std::optional<RemainingCost> cost_after(const std::string& grid, const std::string& rows) {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: " + grid);
  folder.write("log.tsv", cost_log_text(rows));
  const Folder opened = open_folder(folder.path());
  const Counts counts = opened.counts();
  return remaining_cost(opened, opened.configs, counts.total - counts.completed);
}

RemainingCost cost_of(std::vector<double> seconds) {
  RemainingCost cost;
  cost.runs = seconds.size();
  cost.seconds = std::move(seconds);
  return cost;
}

}  // namespace

TEST_CASE("what is left costs what its like have cost") {
  std::string rows;
  for (int seed = 0; seed < 20; ++seed) {
    rows += row("1", seed, "00:00:10", "C") + row("2", seed, "00:00:40", "C");
  }
  const auto cost = cost_after("{width: [1, 2], seed: [i;0:1:25]}", rows);
  REQUIRE(cost);
  CHECK(cost->runs == 10);
  CHECK(cost->is_whole());
  CHECK(cost->total() == Approx(5 * 10 + 5 * 40).epsilon(0.05));
  CHECK(cost->longest() == Approx(40).epsilon(0.05));
  CHECK(cost->low == Approx(1).epsilon(0.1));
  CHECK(cost->high == Approx(1).epsilon(0.1));
}

TEST_CASE("the expected cost is the mean of the runs, and the range that of their tenths") {
  std::string rows;
  for (int seed = 0; seed < 100; ++seed) {
    const char* duration = seed % 5 == 4 ? "00:01:00" : "00:00:10";
    rows += row("1", seed, duration, "C");
  }
  const auto cost = cost_after("{width: [1], seed: [i;0:1:200]}", rows);
  REQUIRE(cost);
  CHECK(cost->runs == 100);
  CHECK(cost->total() == Approx(100 * 20).epsilon(0.02));
  CHECK(cost->low == Approx(0.5).epsilon(0.1));
  CHECK(cost->high == Approx(3).epsilon(0.1));
}

TEST_CASE("failed and running configs are left, too, and cost no less than they did") {
  const auto cost = cost_after(
      "{width: [1], seed: [1, 2, 3]}",
      row("1", 1, "00:00:10", "C") + row("1", 2, "00:02:00", "F") + row("1", 3, "00:00:01", "R"));
  REQUIRE(cost);
  CHECK(cost->runs == 2);
  CHECK(cost->total() == Approx(120 + 10).epsilon(0.01));
}

TEST_CASE("a config that the grid repeats costs once") {
  const auto cost = cost_after("{width: [1, 2, 2, 2], seed: [1]}", row("1", 1, "00:00:10", "C"));
  REQUIRE(cost);
  CHECK(cost->runs == 1);
  CHECK(cost->seconds.size() == 1);
}

TEST_CASE("of some configs of a folder only what is left of them costs") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {width: [1, 2], seed: [i;0:1:10]}");
  std::string rows;
  for (int seed = 0; seed < 5; ++seed) rows += row("1", seed, "00:00:10", "C");
  folder.write("log.tsv", cost_log_text(rows));
  const Folder opened = open_folder(folder.path());
  const auto cost = remaining_cost(opened, opened.configs.slice(0, 10), 5);
  REQUIRE(cost);
  CHECK(cost->seconds.size() == 5);
}

TEST_CASE("without complete runs nobody knows, and where nothing is left it costs nothing") {
  CHECK_FALSE(cost_after("{width: [1], seed: [1, 2]}", row("1", 1, "00:02:00", "F")));
  const auto cost = cost_after("{width: [1], seed: [1]}", row("1", 1, "00:00:10", "C"));
  REQUIRE(cost);
  CHECK(cost->runs == 0);
  CHECK(cost->total() == 0);
  CHECK(cost->longest() == 0);
}

TEST_CASE("of a huge grid a sample is looked at, spread over all of it") {
  std::string rows;
  for (int seed = 0; seed < 20; ++seed) {
    rows += row("1", seed, "00:00:10", "C") + row("2", seed, "00:00:40", "C");
  }
  const auto cost = cost_after("{width: [1, 2], seed: [i;0:1:1000000]}", rows);
  REQUIRE(cost);
  CHECK(cost->runs == 2'000'000 - 40);
  CHECK_FALSE(cost->is_whole());
  CHECK(cost->seconds.size() <= 50'000);
  CHECK(cost->total() == Approx(2e6 * 25).epsilon(0.05));
}

TEST_CASE("jobs are as many as runs fill") {
  const auto cost = cost_of(std::vector<double>(100, 60));
  CHECK(jobs_needed(cost, {4, 3600}) == 1);
  CHECK(jobs_needed(cost, {1, 3600}) == 2);
  CHECK(jobs_needed(cost, {1, 600}) == 10);
  CHECK(jobs_needed(cost, {1000, 60}) == 1);
}

TEST_CASE("no run is started that would not end in its job") {
  const auto cost = cost_of(std::vector<double>(8, 60));
  CHECK(jobs_needed(cost, {2, 119}) == 4);
  CHECK(jobs_needed(cost, {2, 120}) == 2);
}

TEST_CASE("longer runs need more jobs") {
  const auto cost = cost_of(std::vector<double>(8, 60));
  CHECK(jobs_needed(cost, {2, 240}) == 1);
  CHECK(jobs_needed(cost, {2, 240}, 1.5) == 2);
}

TEST_CASE("a run that outlasts jobs goes on from one to the next") {
  CHECK(jobs_needed(cost_of({1000}), {8, 300}) == 4);
  CHECK(jobs_needed(cost_of({1000, 10, 10, 10}), {1, 300}) == 4);
  CHECK(jobs_needed(cost_of(std::vector<double>(6, 1000)), {1, 300}) == 20);
}

TEST_CASE("where only a sample is known, slots are taken to be busy") {
  auto cost = cost_of(std::vector<double>(10, 60));
  cost.runs = 1'000'000;
  CHECK(jobs_needed(cost, {100, 60'000}) == 10);
}

TEST_CASE("nothing to run needs no job, and anything needs one") {
  CHECK(jobs_needed(cost_of({}), {1, 60}) == 0);
  CHECK(jobs_needed(cost_of({0.001}), {1, 60}) == 1);
  CHECK(jobs_needed(cost_of({1}), {0.5, 60}) == 1);
}
