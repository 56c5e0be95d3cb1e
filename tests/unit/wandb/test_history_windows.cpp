#include <algorithm>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "wandb/history_windows.hpp"

using malet::wandb::HistoryWindows;
using malet::wandb::most_history_rows;

namespace {

struct Walk {
  std::vector<std::int64_t> steps;
  std::size_t questions = 0;
};

/// Walks over steps (sorted) as a server answers that gives every n-th where they are too many.
/// \param inclusive whether it counts the end of a window in
Walk walk(const std::vector<std::int64_t>& there, std::int64_t last, bool inclusive) {
  HistoryWindows windows(last);
  Walk walk;
  while (const auto window = windows.next()) {
    ++walk.questions;
    const auto begin = std::lower_bound(there.begin(), there.end(), window->begin);
    const auto end = std::lower_bound(begin, there.end(), window->end + (inclusive ? 1 : 0));
    std::vector<std::int64_t> rows(begin, end);
    const auto most = static_cast<std::size_t>(most_history_rows);
    if (rows.size() > most) {
      for (std::size_t i = 0; i < most; ++i) rows[i] = rows[i * rows.size() / most];
      rows.resize(most);
    }
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [&](std::int64_t step) { return step >= window->end; }),
               rows.end());
    if (windows.take(rows.size())) walk.steps.insert(walk.steps.end(), rows.begin(), rows.end());
  }
  return walk;
}

std::vector<std::int64_t> every(std::int64_t distance, std::int64_t count) {
  std::vector<std::int64_t> steps;
  for (std::int64_t i = 0; i < count; ++i) steps.push_back(i * distance);
  return steps;
}

void check_whole(const std::vector<std::int64_t>& there, std::size_t most_questions) {
  const std::int64_t last = there.empty() ? -1 : there.back();
  for (const bool inclusive : {false, true}) {
    const Walk walked = walk(there, last, inclusive);
    CHECK(walked.steps == there);
    CHECK(walked.questions <= most_questions);
  }
}

}  // namespace

TEST_CASE("no steps need no question, few one") {
  check_whole({}, 0);
  check_whole({0}, 1);
  check_whole(every(1, 999), 1);
}

TEST_CASE("each of many steps comes, near together or far apart") {
  check_whole(every(1, 10'000), 11);
  check_whole(every(3, 10'000), 80);
  check_whole(every(1000, 10'000), 80);
  check_whole(every(1'000'000'000, 500), 40);
}

TEST_CASE("each step comes where they stand in heaps") {
  std::vector<std::int64_t> steps;
  for (std::int64_t heap = 0; heap < 5; ++heap) {
    for (std::int64_t i = 0; i < 3000; ++i) steps.push_back(heap * 100'000'000 + i);
  }
  check_whole(steps, 500);
}

TEST_CASE("the largest step there can be is no trouble") {
  HistoryWindows windows(std::numeric_limits<std::int64_t>::max());
  std::size_t questions = 0;
  while (windows.next()) {
    REQUIRE(windows.take(0));
    ++questions;
  }
  CHECK(questions < 100);
}
