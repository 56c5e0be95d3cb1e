#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "catch.hpp"
#include "simulated_sweep.hpp"
#include "sweep/schedule/scheduler.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::SimulatedSweep;

namespace {

ConfigIter grid(std::uint64_t size) {
  return ConfigIter::from_text("grid: {a: [i;0:1:" + std::to_string(size) + "]}");
}

Scheduler dynamic(std::uint64_t size, std::size_t workers) {
  return {WorkList(grid(size), {}, false, false), workers};
}

std::uint64_t count_of(const Scheduler::Assignments& assignments) {
  std::uint64_t count = 0;
  for (const auto& assignment : assignments) {
    for (const auto& range : assignment.ranges) count += range.count;
  }
  return count;
}

bool each_ran_once(const SimulatedSweep::Outcome& outcome) {
  return std::all_of(outcome.times_run.begin(), outcome.times_run.end(),
                     [](std::uint32_t times) { return times == 1; });
}

/// Run times drawn once per config from a fixed seed.
std::function<double(std::uint64_t)> lognormal(std::uint64_t size, double mean) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> draw(std::log(mean) - 0.5, 1.0);
  std::vector<double> times(size);
  for (double& time : times) time = draw(random);
  return [times](std::uint64_t index) { return times[index]; };
}

}  // namespace

TEST_CASE("the first assignment is one config, as nothing is known of run times") {
  auto scheduler = dynamic(1000, 2);
  CHECK(count_of(scheduler.on_ready(0)) == 1);
  CHECK(count_of(scheduler.on_ready(1)) == 1);
}

TEST_CASE("long runs are handed out one by one") {
  auto scheduler = dynamic(1000, 2);
  (void)scheduler.on_ready(0);
  for (int i = 0; i < 10; ++i) CHECK(count_of(scheduler.on_finished(0, 1, 1, 5.0)) == 1);
}

TEST_CASE("chunks of short runs grow by doubling up to 10 ms of work") {
  auto scheduler = dynamic(1'000'000, 2);
  (void)scheduler.on_ready(0);
  std::uint64_t largest = 0;
  std::uint64_t before = 1;
  for (int i = 0; i < 30; ++i) {
    const auto given = scheduler.on_finished(0, before, before, 1e-5 * static_cast<double>(before));
    for (const auto& assignment : given) {
      const auto chunk = count_of({assignment});
      CHECK(chunk <= std::max<std::uint64_t>(2, 2 * largest));
      largest = std::max(largest, chunk);
    }
    before = scheduler.outstanding() / 2;
  }
  CHECK(largest >= 900);
  CHECK(largest <= 1001);
}

TEST_CASE("failed runs do not make chunks grow") {
  auto scheduler = dynamic(1000, 2);
  (void)scheduler.on_ready(0);
  for (int i = 0; i < 20; ++i) CHECK(count_of(scheduler.on_finished(0, 1, 0, 0.0)) == 1);
}

TEST_CASE("nothing is fetched ahead at the tail") {
  auto scheduler = dynamic(5, 2);
  std::uint64_t given = count_of(scheduler.on_ready(0)) + count_of(scheduler.on_ready(1));
  CHECK(given == 2);
  CHECK(count_of(scheduler.on_finished(0, 1, 1, 1e-6)) == 1);
  CHECK(count_of(scheduler.on_finished(1, 1, 1, 1e-6)) == 1);
  CHECK(count_of(scheduler.on_finished(1, 1, 1, 1e-6)) == 1);
  CHECK(count_of(scheduler.on_finished(1, 1, 1, 1e-6)) == 0);
  CHECK(scheduler.remaining() == 0);
  CHECK(scheduler.outstanding() == 1);
}

TEST_CASE("returned configs go to idle workers") {
  auto scheduler = dynamic(3, 3);
  for (std::size_t worker = 0; worker < 2; ++worker) (void)scheduler.on_ready(worker);
  (void)scheduler.on_finished(1, 1, 1, 1e-6);
  (void)scheduler.on_finished(1, 1, 1, 1e-6);
  CHECK(scheduler.remaining() == 0);
  const auto given = scheduler.on_returned(0, {{0, 1, 1}});
  REQUIRE(given.size() == 1);
  CHECK(given[0].worker == 1);
  CHECK(given[0].ranges == std::vector<IndexRange>{{0, 1, 1}});
}

TEST_CASE("after stop nothing is handed out") {
  auto scheduler = dynamic(10, 1);
  (void)scheduler.on_ready(0);
  scheduler.stop();
  CHECK(scheduler.on_finished(0, 1, 1, 1e-6).empty());
  CHECK(scheduler.remaining() == 9);
}

TEST_CASE("fixed: every worker gets its share at once and nothing after") {
  const auto configs = grid(10);
  std::vector<WorkList> lists;
  for (std::uint64_t worker = 0; worker < 3; ++worker) {
    lists.emplace_back(configs.split(3, worker), WorkList::Known{}, false, false);
  }
  Scheduler scheduler(std::move(lists));
  const auto given = scheduler.on_ready(1);
  REQUIRE(given.size() == 1);
  CHECK(given[0].ranges == std::vector<IndexRange>{{1, 3, 3}});
  CHECK(scheduler.on_finished(1, 3, 3, 1.0).empty());
  CHECK(scheduler.remaining() == 7);
}

TEST_CASE("a config that failed is tried again by another worker") {
  auto scheduler = dynamic(2, 2);
  (void)scheduler.on_ready(0);
  (void)scheduler.on_ready(1);
  CHECK(scheduler.on_finished(0, 1, 0, 0).empty());
  CHECK(scheduler.on_retry(0, 0).empty());  // the other one is busy
  CHECK(scheduler.remaining() == 1);
  CHECK(scheduler.outstanding() == 1);
  const auto given = scheduler.on_finished(1, 1, 1, 1.0);
  REQUIRE(given.size() == 1);
  CHECK(given[0].worker == 1);
  CHECK(given[0].ranges == std::vector<IndexRange>{{0, 1, 1}});
  CHECK(scheduler.remaining() == 0);
}

TEST_CASE("an idle worker gets what failed elsewhere at once") {
  auto scheduler = dynamic(1, 2);
  (void)scheduler.on_ready(0);
  CHECK(scheduler.on_ready(1).empty());
  (void)scheduler.on_finished(0, 1, 0, 0);
  const auto given = scheduler.on_retry(0, 0);
  REQUIRE(given.size() == 1);
  CHECK(given[0].worker == 1);
}

TEST_CASE("who is alone tries its own failures again, after everything else") {
  auto scheduler = dynamic(2, 3);
  (void)scheduler.on_ready(2);
  CHECK(count_of(scheduler.on_finished(2, 1, 0, 0)) == 1);
  CHECK(scheduler.on_retry(2, 0).empty());
  const auto given = scheduler.on_finished(2, 1, 1, 1.0);
  REQUIRE(given.size() == 1);
  CHECK(given[0].ranges == std::vector<IndexRange>{{0, 1, 1}});
}

TEST_CASE("when the last other worker leaves, who failed tries again itself") {
  auto scheduler = dynamic(3, 2);
  (void)scheduler.on_ready(0);
  (void)scheduler.on_ready(1);
  CHECK(count_of(scheduler.on_finished(0, 1, 0, 0)) == 1);
  CHECK(scheduler.on_retry(0, 0).empty());
  CHECK(scheduler.has_workers());
  CHECK(scheduler.on_left(1).empty());
  const auto given = scheduler.on_finished(0, 1, 1, 1.0);
  REQUIRE(given.size() == 1);
  CHECK(given[0].worker == 0);
  CHECK(given[0].ranges == std::vector<IndexRange>{{0, 1, 1}});
  (void)scheduler.on_left(0);
  CHECK_FALSE(scheduler.has_workers());
}

TEST_CASE("an idle worker that failed tries again as soon as the other one leaves") {
  auto scheduler = dynamic(2, 2);
  (void)scheduler.on_ready(0);
  (void)scheduler.on_ready(1);
  (void)scheduler.on_finished(0, 1, 0, 0);
  CHECK(scheduler.on_retry(0, 0).empty());
  const auto given = scheduler.on_left(1);
  REQUIRE(given.size() == 1);
  CHECK(given[0].worker == 0);
}

TEST_CASE("after stop nothing is tried again") {
  auto scheduler = dynamic(1, 2);
  (void)scheduler.on_ready(0);
  (void)scheduler.on_ready(1);
  (void)scheduler.on_finished(0, 1, 0, 0);
  scheduler.stop();
  CHECK(scheduler.on_retry(0, 0).empty());
  CHECK(scheduler.remaining() == 1);
}

namespace {

Scheduler fixed(std::uint64_t size, std::size_t workers) {
  const auto configs = grid(size);
  std::vector<WorkList> lists;
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    lists.emplace_back(configs.split(workers, worker), WorkList::Known{}, false, false);
  }
  return Scheduler(std::move(lists));
}

}  // namespace

TEST_CASE("fixed: a config that failed goes to another worker, too") {
  auto scheduler = fixed(4, 2);
  (void)scheduler.on_ready(0);
  (void)scheduler.on_ready(1);
  (void)scheduler.on_finished(1, 2, 2, 1.0);
  (void)scheduler.on_finished(0, 1, 0, 0);
  const auto given = scheduler.on_retry(0, 0);
  REQUIRE(given.size() == 1);
  CHECK(given[0].worker == 1);
  CHECK(given[0].ranges == std::vector<IndexRange>{{0, 1, 1}});
}

TEST_CASE("fixed: what a worker leaves behind is run by the others") {
  // The job would wait for ever: nobody else had an eye on that share.
  auto scheduler = fixed(6, 3);
  for (std::size_t worker = 0; worker < 3; ++worker) (void)scheduler.on_ready(worker);
  (void)scheduler.on_finished(1, 2, 2, 1.0);
  (void)scheduler.on_returned(0, {{0, 2, 3}});  // goes back to it until it is known to leave
  auto given = scheduler.on_left(0);
  CHECK(given.empty());
  given = scheduler.on_returned(0, {{0, 2, 3}});
  REQUIRE(count_of(given) == 1);
  CHECK(given[0].worker == 1);
  given = scheduler.on_finished(2, 2, 2, 1.0);
  REQUIRE(count_of(given) == 1);
  CHECK(given[0].worker == 2);
  CHECK(scheduler.remaining() == 0);
  CHECK(scheduler.outstanding() == 2);
}

TEST_CASE("fixed: a worker that leaves before it was ready leaves its share, too") {
  auto scheduler = fixed(4, 2);
  (void)scheduler.on_ready(1);
  (void)scheduler.on_finished(1, 2, 2, 1.0);
  CHECK(count_of(scheduler.on_left(0)) == 1);
  CHECK(count_of(scheduler.on_finished(1, 1, 1, 1.0)) == 1);
  CHECK(scheduler.remaining() == 0);
}

TEST_CASE("10,000 workers run every config once and none is left idle") {
  const std::uint64_t size = 300'000;
  const std::size_t workers = 10'000;
  SimulatedSweep sweep(dynamic(size, workers), workers, size, lognormal(size, 1.0), {});
  const auto outcome = sweep.run();
  CHECK(each_ran_once(outcome));
  CHECK(*std::min_element(outcome.runs_by.begin(), outcome.runs_by.end()) > 0);
  // No schedule can beat the mean load; list scheduling exceeds it by at most the longest run.
  double longest = 0;
  const auto times = lognormal(size, 1.0);
  for (std::uint64_t i = 0; i < size; ++i) longest = std::max(longest, times(i));
  CHECK(outcome.makespan <= 1.02 * outcome.work / static_cast<double>(workers) + longest);
}

TEST_CASE("short runs are balanced well with few messages") {
  const std::uint64_t size = 200'000;
  SimulatedSweep sweep(dynamic(size, 8), 8, size, lognormal(size, 20e-6), {});
  const auto outcome = sweep.run();
  CHECK(each_ran_once(outcome));
  CHECK(outcome.makespan <= 1.05 * outcome.work / 8);
  CHECK(outcome.messages < size / 50);
}

TEST_CASE("long runs behind many quick ones are not queued at one worker") {
  // The first configs fail fast in a sense: they last a microsecond, the others ten seconds.
  const std::uint64_t size = 400;
  const auto times = [](std::uint64_t index) { return index < 200 ? 1e-6 : 10.0; };
  SimulatedSweep sweep(dynamic(size, 4), 4, size, times, {});
  const auto outcome = sweep.run();
  CHECK(each_ran_once(outcome));
  CHECK(outcome.makespan <= 10.0 * (200.0 / 4 + 1));
}

TEST_CASE("the fixed schedule runs every config once, too") {
  const std::uint64_t size = 50'000;
  const std::size_t workers = 1000;
  const auto configs = grid(size);
  std::vector<WorkList> lists;
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    lists.emplace_back(configs.split(workers, worker), WorkList::Known{}, false, false);
  }
  SimulatedSweep::Settings settings;
  settings.gives_back = false;
  SimulatedSweep sweep(Scheduler(std::move(lists)), workers, size, lognormal(size, 1.0), settings);
  CHECK(each_ran_once(sweep.run()));
}

namespace {

/// One that has nothing until it is added.
Scheduler empty_scheduler(std::size_t workers) {
  return {WorkList(grid(100'000).slice(0, 0), {}, false, false), workers};
}

}  // namespace

TEST_CASE("where work is added, one config is wanted for each worker that has nothing") {
  auto scheduler = empty_scheduler(4);
  CHECK(scheduler.wanted() == 0);
  for (std::size_t worker = 0; worker < 3; ++worker) CHECK(scheduler.on_ready(worker).empty());
  CHECK(scheduler.wanted() == 3);
  CHECK(count_of(scheduler.on_more({{0, 2, 1}})) == 2);
  CHECK(scheduler.wanted() == 1);
  CHECK(count_of(scheduler.on_more({{2, 5, 1}})) == 1);
  CHECK(scheduler.wanted() == 0);
  CHECK(scheduler.remaining() == 4);
}

TEST_CASE("with long runs nothing is wanted beyond what runs, with short ones a stock is") {
  for (const double seconds : {5.0, 0.001}) {
    auto scheduler = empty_scheduler(2);
    for (std::size_t worker = 0; worker < 2; ++worker) (void)scheduler.on_ready(worker);
    (void)scheduler.on_more({{0, 2, 1}});
    (void)scheduler.on_finished(0, 1, 1, seconds);
    const std::uint64_t stock = scheduler.wanted() - 1;  // one for the worker that is idle now
    CHECK(stock == (seconds > 1 ? 0 : 200));
    (void)scheduler.on_more({{2, stock + 1, 1}});
    CHECK(scheduler.wanted() <= 10);
    scheduler.stop();
    CHECK(scheduler.wanted() == 0);
  }
}
