#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/json/json_read.hpp"
#include "canned.hpp"
#include "catch.hpp"
#include "wandb/history.hpp"

using malet::Value;
using malet::base::read_json;
using malet::test::complaint;
using malet::test::example_question;
using malet::wandb::history_rows;
using malet::wandb::HistoryWindows;
using malet::wandb::most_history_rows;
using malet::wandb::SeriesBuilder;

namespace {

Value::List rows(const std::string& list) {
  return history_rows(read_json(R"({"project": {"run": {"history": )" + list + "}}}"), {10, 20},
                      example_question());
}

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

TEST_CASE("rows are JSON texts, and those of other windows are left out") {
  const auto read = rows(R"(["{\"_step\": 9}", "{\"_step\": 10, \"a\": NaN}", {"_step": 19},)"
                         R"( "{\"_step\": 20}"])");
  REQUIRE(read.size() == 2);
  CHECK(read[1] == Value(Value::Map{{"_step", 19}}));
}

TEST_CASE("what is no history is refused") {
  for (const char* data : {R"({})", R"({"project": null})", R"({"project": {"run": null}})",
                           R"({"project": {"run": {"history": null}}})"}) {
    CHECK_THAT(complaint([&] {
                 static_cast<void>(history_rows(read_json(data), {0, 1}, example_question()));
               }),
               ContainsSubstring("without its history"));
  }
  CHECK_THAT(complaint([] { rows(R"(["{"])"); }), ContainsSubstring("no JSON"));
  CHECK_THAT(complaint([] { rows(R"(["1"])"); }), ContainsSubstring("no map"));
  CHECK_THAT(complaint([] { rows(R"(["{}"])"); }), ContainsSubstring("no _step"));
}

TEST_CASE("a metric's series has a value for each time that it was logged") {
  const std::vector<std::string> all;
  SeriesBuilder series(all);
  series.add(rows(R"([{"_step": 10, "loss": 3, "picture": {"_type": "image-file"}},)"
                  R"( {"_step": 11, "loss": 2, "val": 5}])"));
  series.add(rows(R"([{"_step": 12, "loss": "NaN"}])"));
  CHECK(series.rows() == 3);
  CHECK(series.take() ==
        Value::Map{{"loss", Value::List{3, 2, std::nan("")}}, {"val", Value::List{5}}});
}

TEST_CASE("only metrics that are picked have a series, W&B's own among them") {
  const std::vector<std::string> picked = {"_step", "val"};
  SeriesBuilder series(picked);
  series.add(rows(R"([{"_step": 10, "loss": 3}, {"_step": 11, "val": 5}])"));
  CHECK(series.take() == Value::Map{{"_step", Value::List{10, 11}}, {"val", Value::List{5}}});
}

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
