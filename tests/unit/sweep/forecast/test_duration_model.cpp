#include <string>
#include <vector>

#include "catch.hpp"
#include "sweep/forecast/duration_model.hpp"

using malet::sweep::DurationModel;
using Keys = std::vector<std::string_view>;

namespace {

/// A run's true duration: 10 s, times its factors.
double lasts(int width, int seed) {
  return 10.0 * (width + 1) * (seed == 0 ? 0.9 : 1.1);
}

/// Names of values that outlive the model's questions.
const std::vector<std::string> names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

Keys keys(int width, int seed) {
  return {names[static_cast<std::size_t>(width)], names[static_cast<std::size_t>(seed)]};
}

}  // namespace

TEST_CASE("a model of no runs expects nothing") {
  DurationModel model(2);
  model.fit();
  CHECK(model.is_empty());
  CHECK(model.seconds({"1", "2"}) == 0);
}

TEST_CASE("factors are learnt from runs on the whole grid") {
  DurationModel model(2);
  for (int repeat = 0; repeat < 20; ++repeat) {
    for (int width = 0; width < 4; ++width) {
      for (int seed = 0; seed < 2; ++seed) model.add(keys(width, seed), lasts(width, seed));
    }
  }
  model.fit();
  for (int width = 0; width < 4; ++width) {
    for (int seed = 0; seed < 2; ++seed) {
      CHECK(model.seconds(keys(width, seed)) == Approx(lasts(width, seed)).epsilon(0.05));
    }
  }
}

TEST_CASE("a combination that was never run is told from those that share its values") {
  DurationModel model(2);
  // Lopsided: long widths were run with one seed only, so plain means would blame the seed.
  for (int repeat = 0; repeat < 30; ++repeat) {
    for (int width = 0; width < 4; ++width) model.add(keys(width, 0), lasts(width, 0));
    model.add(keys(0, 1), lasts(0, 1));
  }
  model.fit();
  for (int width = 1; width < 4; ++width) {
    CHECK(model.seconds(keys(width, 1)) == Approx(lasts(width, 1)).epsilon(0.2));
    CHECK(model.seconds(keys(width, 1)) > model.seconds(keys(width, 0)));
    CHECK(model.seconds(keys(width, 1)) > model.seconds(keys(width - 1, 1)));
  }
}

TEST_CASE("new values are expected to last as long as runs do on the whole") {
  DurationModel model(1);
  model.add({"a"}, 1);
  model.add({"b"}, 100);
  model.fit();
  CHECK(model.seconds({"c"}) == Approx(10));
  CHECK(model.seconds({"a"}) < 10);
  CHECK(model.seconds({"b"}) > 10);
}

TEST_CASE("runs of no time at all do no harm") {
  DurationModel model(1);
  model.add({"a"}, 0);
  model.add({"b"}, 1);
  model.fit();
  CHECK(model.seconds({"a"}) > 0);
  CHECK(model.seconds({"b"}) > model.seconds({"a"}));
}

TEST_CASE("a grid without fields has the mean of its runs") {
  DurationModel model(0);
  model.add({}, 4);
  model.fit();
  CHECK(model.seconds({}) == Approx(4));
}

TEST_CASE("the spread tells how far runs are from what is expected of their like") {
  DurationModel same(1);
  for (int run = 0; run < 10; ++run) same.add({names[0]}, 5);
  same.fit();
  CHECK(same.spread().mean == Approx(1));
  CHECK(same.spread().low == Approx(1));
  CHECK(same.spread().high == Approx(1));
  DurationModel apart(1);
  for (int run = 0; run < 200; ++run) apart.add({names[0]}, run % 2 == 0 ? 10 : 40);
  apart.fit();
  CHECK(apart.seconds({names[0]}) == Approx(20).epsilon(0.01));
  CHECK(apart.spread().mean == Approx(1.25).epsilon(0.01));
  CHECK(apart.spread().low == Approx(0.5).epsilon(0.01));
  CHECK(apart.spread().high == Approx(2).epsilon(0.01));
}

TEST_CASE("the mean is within the spread, also where few runs make most of it") {
  DurationModel model(1);
  for (int run = 0; run < 100; ++run) model.add({names[0]}, run == 0 ? 100'000 : 1);
  model.fit();
  CHECK(model.spread().low <= model.spread().mean);
  CHECK(model.spread().high >= model.spread().mean);
}
