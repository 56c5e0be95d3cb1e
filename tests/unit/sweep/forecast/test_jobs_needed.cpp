#include <algorithm>
#include <vector>

#include "catch.hpp"
#include "sweep/forecast/jobs_needed.hpp"

using namespace malet::sweep;

namespace {

RemainingCost cost_of(std::vector<double> seconds) {
  RemainingCost cost;
  cost.runs = seconds.size();
  cost.seconds = std::move(seconds);
  return cost;
}

}  // namespace

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
