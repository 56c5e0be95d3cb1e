#include <filesystem>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "catch.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"

using malet::Config;
using malet::ConfigIter;
using malet::Error;
using malet::Value;

namespace {

using Numbers = std::vector<std::uint64_t>;

ConfigIter counting(int size) {
  return ConfigIter::from_text("grid: {a: [i;0:1:" + std::to_string(size) + "]}");
}

/// The numbers of the configs, checked against their values and holds().
Numbers numbers(const ConfigIter& configs) {
  Numbers all;
  for (std::uint64_t position = 0; position < configs.size(); ++position) {
    all.push_back(configs.index(position));
    CHECK(configs[position].get<std::uint64_t>("a") == all.back());
    CHECK(configs.holds(all.back()));
  }
  std::uint64_t held = 0;
  for (std::uint64_t i = 0; i < configs.grid_size(); ++i) held += configs.holds(i) ? 1U : 0U;
  CHECK(held == all.size());
  return all;
}

}  // namespace

TEST_CASE("a missing file is an error that names it", "[config_iter]") {
  CHECK_THROWS_WITH(ConfigIter(std::filesystem::path("/nowhere/exp_config.yaml")),
                    ContainsSubstring("/nowhere/exp_config.yaml"));
  CHECK_THROWS_AS(ConfigIter(std::filesystem::temp_directory_path()), Error);
}

TEST_CASE("the parts of a file are there as they were written", "[config_iter]") {
  const auto configs = ConfigIter::from_text(
      "model: m\ngrid:\n  lr: [10**(-i);1:1:3]\n  s: x\n  group: {w: [1, [2]]}\n");
  CHECK(malet::to_json(Value(configs.static_configs())) == R"({"model": "m"})");
  CHECK(configs.grid_fields() == std::vector<std::string>{"lr", "s", "w"});
  CHECK(malet::to_json(Value(configs.grid())) ==
        R"([{"lr": [0.1, 0.01], "s": "x", "group": {"w": [1, [2]]}}])");
  CHECK(&configs.grid_iter() == &configs);
  CHECK(configs.size() == 4);
  CHECK_FALSE(configs.empty());
}

TEST_CASE("grid_dict has the distinct values of each field, sorted", "[config_iter]") {
  const auto configs = ConfigIter::from_text(
      "grid:\n  - {a: [b, 10, 9, 9.0, true, [2], [1, 5], null, {z: 1}, 1e-3, false, a]}\n"
      "  - {b: [2, 1], a: [11, 10]}\n");
  CHECK(malet::to_json(Value(configs.grid_dict())) ==
        R"({"a": [null, false, true, 0.001, 9, 10, 11, "a", "b", [1, 5], [2], {"z": 1}], )"
        R"("b": [1, 2]})");
}

TEST_CASE("field_type is that of the first value that is not null", "[config_iter]") {
  const auto configs = ConfigIter::from_text(
      "model: m\ngrid:\n  - {a: [null, 1.5, x], n: null}\n  - {b: [[1]], a: 1}\n");
  CHECK(configs.field_type("a") == Value::Type::real);
  CHECK(configs.field_type("b") == Value::Type::list);
  CHECK(configs.field_type("n") == Value::Type::null);
  CHECK(configs.field_type("model") == Value::Type::text);
  CHECK_THROWS_WITH(configs.field_type("c"), ContainsSubstring("'c'"));
}

TEST_CASE("iteration visits every config in order", "[config_iter]") {
  const auto configs = counting(5);
  std::vector<int> seen;
  for (const Config config : configs) seen.push_back(config.get<int>("a"));
  CHECK(seen == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("at checks the position", "[config_iter]") {
  const auto configs = counting(3);
  CHECK(configs.at(2).get<int>("a") == 2);
  CHECK_THROWS_AS(configs.at(3), Error);
  CHECK_THROWS_AS(configs.slice(1, 2).at(1), Error);
}

TEST_CASE("splits take every n-th config and cover all of them", "[config_iter]") {
  const auto configs = counting(10);
  CHECK(numbers(configs.split(3, 0)) == Numbers{0, 3, 6, 9});
  CHECK(numbers(configs.split(3, 2)) == Numbers{2, 5, 8});
  CHECK(numbers(configs.split(20, 15)).empty());
  CHECK(configs.split(1, 0).size() == 10);
  CHECK(numbers(configs.every(3, 2)) == Numbers{2, 5, 8});
  CHECK(numbers(configs.split(2, 1).every(2, 1)) == Numbers{3, 7});
  CHECK(numbers(configs.slice(4, 8).every(3, 0)) == Numbers{4, 7});
  CHECK(numbers(configs.every(3, 9)) == Numbers{9});
  CHECK(numbers(configs.every(3, 10)).empty());
  CHECK_THROWS_AS(configs.split(3, 3), Error);
  CHECK_THROWS_AS(configs.split(0, 0), Error);
}

TEST_CASE("slices and splits of each other go by number", "[config_iter]") {
  const auto configs = counting(40);
  for (std::uint64_t first = 0; first < 6; ++first) {
    for (std::uint64_t outer = 1; outer < 7; ++outer) {
      for (std::uint64_t inner = 1; inner < 9; ++inner) {
        Numbers expected;
        for (std::uint64_t i = 0; i < 40; ++i) {
          if (i >= first && i < 35 && i % outer == 1 % outer && i % inner == 2 % inner) {
            expected.push_back(i);
          }
        }
        const auto split = configs.slice(first, 35).split(outer, 1 % outer).split(inner, 2 % inner);
        CAPTURE(first, outer, inner);
        Numbers found;
        for (std::uint64_t p = 0; p < split.size(); ++p) found.push_back(split.index(p));
        CHECK(found == expected);
      }
    }
  }
  CHECK(numbers(configs.split(4, 1).slice(2, 5)) == Numbers{9, 13, 17});
  CHECK(numbers(configs.slice(30, 100).slice(5, 7)) == Numbers{35, 36});
  CHECK(configs.slice(7, 3).empty());
  CHECK(configs.slice(50, 60).empty());
}

TEST_CASE("huge splits need no memory", "[config_iter]") {
  const auto configs = ConfigIter::from_text(
      "grid: {a: [i;0:1:1000], b: [i;0:1:1000], c: [i;0:1:1000], d: [i;0:1:1000], e: "
      "[i;0:1:1000]}");
  const auto part = configs.split(1'000'003, 999).split(999'983, 5).slice(10, 20);
  CHECK(part.size() == 10);
  for (std::uint64_t p = 0; p < part.size(); ++p) {
    CHECK(part.index(p) % 1'000'003 == 999);
    CHECK(part.index(p) % 999'983 == 5);
  }
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  CHECK(configs.split(huge, 7).size() == 1);
  CHECK(configs.split(huge, huge - 1).empty());
  CHECK(configs.split(2, 1).split(huge, 7).index(0) == 7);
}

TEST_CASE("filter_iter keeps the numbers", "[config_iter]") {
  auto configs = counting(20);
  configs.filter_iter([](std::uint64_t index, const Config& config) {
    return index % 2 == 0 && config.get<int>("a") > 3;
  });
  CHECK(numbers(configs) == Numbers{4, 6, 8, 10, 12, 14, 16, 18});
  CHECK(configs.grid_size() == 20);
  CHECK(numbers(configs.slice(1, 4)) == Numbers{6, 8, 10});
  CHECK(numbers(configs.split(4, 2)) == Numbers{6, 10, 14, 18});
  CHECK(numbers(configs.slice(1, 7).split(4, 2)) == Numbers{6, 10, 14});
  configs.filter_iter([](std::uint64_t index, const Config&) { return index > 15; });
  CHECK(numbers(configs) == Numbers{16, 18});
}

TEST_CASE("a filtered copy leaves its original alone", "[config_iter]") {
  const auto configs = counting(5);
  auto copy = configs;
  copy.filter_iter([](std::uint64_t, const Config&) { return false; });
  CHECK(copy.empty());
  CHECK(configs.size() == 5);
}

TEST_CASE("index_of wants exactly the fields of the experiment", "[config_iter]") {
  const auto configs =
      ConfigIter::from_text("model: m\nnothing: null\ngrid:\n  - {a: [1, 2.5]}\n  - {b: [x]}\n");
  CHECK(configs.index_of(Config({{"model", "m"}, {"a", 1}})) == 0U);
  CHECK(configs.index_of(Config({{"a", 1.0}, {"model", "m"}, {"b", Value()}})) == 0U);
  CHECK(configs.index_of(Config({{"b", "x"}, {"model", "m"}, {"nothing", Value()}})) == 2U);
  CHECK_FALSE(configs.index_of(Config({{"a", 1}})));
  CHECK_FALSE(configs.index_of(Config({{"model", "other"}, {"a", 1}})));
  CHECK_FALSE(configs.index_of(Config({{"model", "m"}, {"a", 3}})));
  CHECK_FALSE(configs.index_of(Config({{"model", "m"}, {"a", 1}, {"b", "x"}})));
  CHECK_FALSE(configs.index_of(Config({{"model", "m"}, {"a", 1}, {"more", 1}})));
  CHECK_FALSE(configs.index_of(Config({{"model", "m"}, {"nothing", 1}, {"a", 1}})));
  CHECK(configs.index_of(Config({{"model", "m"}, {"a", 1}, {"more", Value()}})) == 0U);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(configs.index_of(Config({{"model", "m"}, {"a", 1}, {"b", nan}, {"nothing", nan}})) == 0U);
  const auto with_nan = ConfigIter::from_text("x: .nan\ngrid: {a: [1, .nan]}\n");
  CHECK(with_nan.index_of(Config({{"a", 1}})) == 0U);
  CHECK(with_nan.index_of(Config({{"x", Value()}})) == 1U);
  CHECK(with_nan.index_of(with_nan[1]) == 1U);
}

TEST_CASE("merge keys and aliases work in a grid", "[config_iter]") {
  const auto configs =
      ConfigIter::from_text("grid:\n  - &base {a: [1, 2], b: [3]}\n  - <<: *base\n    b: [4]\n");
  std::vector<std::string> texts;
  for (const Config config : configs) texts.push_back(config.json());
  CHECK(texts == std::vector<std::string>{R"({"a": 1, "b": 3})", R"({"a": 2, "b": 3})",
                                          R"({"a": 1, "b": 4})", R"({"a": 2, "b": 4})"});
}
