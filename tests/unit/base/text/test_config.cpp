#include <cmath>

#include "catch.hpp"
#include "malet/config.hpp"

using malet::Config;
using malet::Error;
using malet::Value;

namespace {

Config sample() {
  return Config{{"model", "cnn"}, {"lr", 0.1},     {"seed", 3},
                {"flag", true},   {"nothing", {}}, {"hidden", Value::List{64, 32}}};
}

}  // namespace

TEST_CASE("fields are read as C++ types") {
  const Config config = sample();
  CHECK(config.get<std::string>("model") == "cnn");
  CHECK(config.get<double>("lr") == 0.1);
  CHECK(config.get<double>("seed") == 3.0);
  CHECK(config.get<int>("seed") == 3);
  CHECK(config.get<bool>("flag"));
  CHECK(config.get<std::vector<int>>("hidden") == std::vector<int>{64, 32});
  CHECK(config.get<int>("absent", 7) == 7);
  CHECK(config.get<int>("nothing", 7) == 7);
}

TEST_CASE("a wrong type names field, wanted and found type") {
  CHECK_THROWS_WITH(sample().get<int>("model"),
                    "config field 'model' is wanted as integer and is text: \"cnn\"");
  CHECK_THROWS_AS(sample().get<int>("lr"), Error);
  CHECK_THROWS_AS(sample().get<std::uint8_t>("seed2"), Error);
  CHECK_THROWS_WITH(sample()["absent"],
                    ContainsSubstring("no field 'absent'") && ContainsSubstring("model, lr, seed"));
}

TEST_CASE("integers that do not fit the wanted type are refused") {
  const Config config{{"big", 300}, {"negative", -1}, {"real", 2.0}, {"half", 2.5}};
  CHECK_THROWS_AS(config.get<std::uint8_t>("big"), Error);
  CHECK_THROWS_AS(config.get<unsigned>("negative"), Error);
  CHECK(config.get<int>("real") == 2);
  CHECK_THROWS_AS(config.get<int>("half"), Error);
}

TEST_CASE("a wrong type names no type as wanted and found at once") {
  const Config config{{"list", Value::List{1, 2.5}},
                      {"big", 300},
                      {"negative", -1},
                      {"bytes", Value::List{1, 300}},
                      {"deep", Value::List{Value::List{1}, Value::List{"x"}}}};
  CHECK_THROWS_WITH(config.get<std::vector<int>>("list"),
                    "config field 'list' is wanted as list of integers and is list: [1, 2.5]");
  CHECK_THROWS_WITH(config.get<std::int8_t>("big"),
                    ContainsSubstring("wanted as integer from -128 to 127 and is integer: 300"));
  CHECK_THROWS_WITH(config.get<std::uint8_t>("big"),
                    ContainsSubstring("integer from 0 to 255 and"));
  CHECK_THROWS_WITH(config.get<unsigned>("negative"),
                    ContainsSubstring("integer from 0 to 4294967295 and is integer: -1"));
  CHECK_THROWS_WITH(config.get<std::uint64_t>("negative"),
                    ContainsSubstring("integer from 0 on and is integer: -1"));
  CHECK_THROWS_WITH(config.get<std::vector<std::uint8_t>>("bytes"),
                    ContainsSubstring("list of integers from 0 to 255 and is list: [1, 300]"));
  CHECK_THROWS_WITH(config.get<std::vector<std::vector<int>>>("deep"),
                    ContainsSubstring("list of lists of integers and is list"));
  CHECK_THROWS_WITH(config.get<std::vector<std::string>>("big"),
                    ContainsSubstring("list of texts and is integer"));
}

TEST_CASE("set replaces in place or adds at the end") {
  Config config = sample();
  const Config before = config;
  config.set("lr", 0.5);
  config.set("extra", 1);
  CHECK(config.get<double>("lr") == 0.5);
  CHECK(config.field(1).first == "lr");
  CHECK(config.field(config.size() - 1).first == "extra");
  CHECK(before.get<double>("lr") == 0.1);
}

TEST_CASE("the run id does not depend on order, number type or null fields") {
  const Config a{{"lr", 0.1}, {"seed", 1}, {"hidden", Value::List{64}}};
  const Config b{{"hidden", Value::List{64.0}}, {"seed", 1.0}, {"gone", {}}, {"lr", 0.1}};
  CHECK(a.run_id() == b.run_id());
  // First 8 bytes of SHA-256 of "hidden\t(64,)\nlr\t0.1\nseed\t1\n".
  CHECK(a.run_id() == "284aaf832ca7f1c3");
  CHECK(a.run_id() != Config{{"lr", 0.1}, {"seed", 2}}.run_id());
}

TEST_CASE("what leaves its cell empty has no key text") {
  const Config config{{"nan", std::nan("")}, {"null", {}}, {"empty", ""}, {"a", 1}};
  CHECK(config.key_texts() == std::vector<std::pair<std::string, std::string>>{{"a", "1"}});
  CHECK(config.run_id() == Config{{"a", 1}}.run_id());
}

TEST_CASE("configs are equal with the same fields in any order") {
  CHECK(Config{{"a", 1}, {"b", 2}} == Config{{"b", 2}, {"a", 1}});
  CHECK_FALSE(Config{{"a", 1}} == Config{{"a", 1.0}});
  CHECK_FALSE(Config{{"a", 1}} == Config{{"a", 1}, {"b", 2}});
}

TEST_CASE("a config is written as JSON in its order") {
  CHECK(
      sample().json() ==
      R"({"model": "cnn", "lr": 0.1, "seed": 3, "flag": true, "nothing": null, "hidden": [64, 32]})");
}
