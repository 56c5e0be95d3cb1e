#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "malet/experiment.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::test::TempFolder;

namespace {

/// A sweep in one thread: the values of `a` in the order in which they ran, and what was said.
struct Sweep {
  explicit Sweep(const TempFolder& folder, Schedule schedule = Schedule::dynamic) {
    ExperimentOptions options;
    options.pace.order = Order::longest;
    options.pace.schedule = schedule;
    options.on_progress = [this](const Progress& now) {
      events.insert(events.end(), now.events.begin(), now.events.end());
    };
    const auto run = [this](const Config& config, Run&) -> Metrics {
      const int a = config.get<int>("a");
      ran.push_back(a);
      std::this_thread::sleep_for(std::chrono::milliseconds(a));
      return {};
    };
    (void)Experiment(folder.path(), run, options).run();
  }

  std::vector<int> ran;
  std::vector<std::string> events;
};

using Values = std::vector<int>;

}  // namespace

TEST_CASE("without durations the longest are not known: grid order, and a line that says so") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {a: [1, 3, 2]}");
  const Sweep sweep(folder);
  CHECK(sweep.ran == Values{1, 3, 2});
  REQUIRE(sweep.events.size() == 1);
  CHECK_THAT(sweep.events[0], ContainsSubstring("no complete run has a duration yet"));
}

TEST_CASE("with durations of complete runs new configs are handed out longest first") {
  for (const Schedule schedule : {Schedule::dynamic, Schedule::fixed}) {
    const TempFolder folder;
    folder.write("exp_config.yaml", "grid: {a: [10, 30, 20], seed: [1]}");
    (void)Sweep(folder, schedule);
    folder.write("exp_config.yaml", "grid: {a: [10, 30, 20], seed: [1, 2]}");
    const Sweep sweep(folder, schedule);
    CHECK(sweep.ran == Values{30, 20, 10});
    CHECK(sweep.events.empty());
  }
}

TEST_CASE("more configs than can be sorted are refused before anything is written") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {a: [i;0:1:1001], b: [i;0:1:1000]}");
  CHECK_THROWS_WITH(Sweep(folder),
                    ContainsSubstring("--order longest sorts up to 1000000 configs"));
  CHECK(folder.files() == std::vector<std::string>{"exp_config.yaml"});
}

TEST_CASE("where nothing is left to run, nothing is said of the order") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {a: [1]}");
  (void)Sweep(folder);
  const Sweep again(folder);
  CHECK(again.ran.empty());
  CHECK(again.events.empty());
}
