#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/options/array_splits.hpp"
#include "cli/options/run_options.hpp"
#include "malet/error.hpp"
#include "unit/cli/options/parsed_options.hpp"

using namespace malet;
using namespace malet::cli;

namespace {

// --array=4-8:2
const exec::ArrayTask second_of_three = {"55", 6, 4, 8, 2, 3};
// --array=2,5
const exec::ArrayTask with_gaps = {"55", 5, 2, 5, 1, 2};

struct Taken {
  ExperimentOptions options;
  std::string line;
};

Taken take(const std::vector<std::string>& arguments, const exec::ArrayTask& task) {
  RunOptions options;
  const Given given = parse_options(run_options(options), arguments);
  const auto line = take_array_splits(given, task, options.experiment);
  return {options.experiment, line.value_or("")};
}

}  // namespace

TEST_CASE("a task of a complete array is one of as many splits as there are tasks") {
  const auto taken = take({}, second_of_three);
  CHECK(taken.options.splits.total == "3");
  CHECK(taken.options.splits.current == "1");
  CHECK(taken.options.splits.same);
  CHECK(taken.line.starts_with("split 1 of 3, by task 6 of Slurm's array 55 "));
}

TEST_CASE("an array of one task is no split, nor of a folder of splits") {
  const auto taken = take({}, {"55", 7, 7, 7, 1, 1});
  CHECK(taken.options.splits.total == "1");
  CHECK(taken.options.splits.current == "0");
  CHECK(taken.options.splits.same);
  CHECK(taken.line.empty());
}

TEST_CASE("splits that were given win over those of an array") {
  for (const auto& task : {second_of_three, with_gaps}) {
    const auto both = take({"--total-splits", "9", "--curr-split", "4"}, task);
    CHECK(both.options.splits.total == "9");
    CHECK(both.options.splits.current == "4");
    CHECK_FALSE(both.options.splits.same);
    CHECK(both.line.empty());
    const auto whole = take({"--total-splits", "1"}, task);
    CHECK(whole.options.splits.total == "1");
    CHECK(whole.options.splits.current == "0");
    CHECK_FALSE(whole.options.splits.same);
  }
}

TEST_CASE("of one that was given the other follows where it fits") {
  const auto total = take({"--total-splits", "3"}, second_of_three);
  CHECK(total.options.splits.current == "1");
  CHECK_FALSE(total.options.splits.same);
  const auto current = take({"--curr-split", "2"}, second_of_three);
  CHECK(current.options.splits.total == "3");
  CHECK(current.options.splits.current == "2");
  CHECK_THROWS_WITH(take({"--total-splits", "4"}, second_of_three),
                    ContainsSubstring("has 3 tasks") && ContainsSubstring("--curr-split"));
  CHECK_THROWS_WITH(take({"--total-splits", "lr"}, second_of_three),
                    ContainsSubstring("--curr-split"));
}

TEST_CASE("an array with gaps is refused with what to pass") {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{}, {"--total-splits", "9"}, {"--curr-split", "1"}}) {
    CHECK_THROWS_WITH(take(arguments, with_gaps),
                      ContainsSubstring("array 55") &&
                          ContainsSubstring("2 of the indices 2 to 5") &&
                          ContainsSubstring("--total-splits N and --curr-split I"));
  }
}

TEST_CASE("queue mode leaves arrays alone") {
  const auto queue = take({"--queue"}, with_gaps);
  CHECK(queue.line.empty());
  CHECK(queue.options.splits.total == "1");
  CHECK_FALSE(queue.options.splits.same);
}
