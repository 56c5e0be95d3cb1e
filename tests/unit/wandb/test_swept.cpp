#include "base/json/json_read.hpp"
#include "canned.hpp"
#include "catch.hpp"
#include "wandb/swept.hpp"

using malet::Value;
using malet::test::complaint;
using malet::test::example_question;
using malet::wandb::swept_parameters;

namespace {

std::vector<std::string> swept(Value config) {
  const Value sweep(Value::Map{{"config", std::move(config)}});
  const Value project(Value::Map{{"sweep", sweep}});
  return swept_parameters(Value(Value::Map{{"project", project}}), example_question());
}

}  // namespace

TEST_CASE("parameters with several values or a distribution are swept, in their order") {
  CHECK(swept("method: grid\n"
              "parameters:\n"
              "  seed: {values: [1, 2]}\n"
              "  one: {values: [1]}\n"
              "  epochs: {value: 10}\n"
              "  fixed: {distribution: constant, value: 3}\n"
              "  lr: {distribution: log_uniform_values, min: 0.001, max: 0.1}\n"
              "  wd: {min: 0, max: 1}\n") == std::vector<std::string>{"seed", "lr", "wd"});
}

TEST_CASE("nested parameters are joined by dots") {
  CHECK(swept("parameters:\n"
              "  optimizer:\n"
              "    parameters:\n"
              "      lr: {values: [1, 2]}\n"
              "      name: {value: adam}\n") == std::vector<std::string>{"optimizer.lr"});
}

TEST_CASE("a sweep without parameters sweeps none") {
  CHECK(swept(Value()).empty());
  CHECK(swept("").empty());
  CHECK(swept("parameters: 3").empty());
  CHECK(swept(Value(Value::Map{})).empty());
}

TEST_CASE("a sweep that is none is refused") {
  CHECK_THAT(complaint([] { swept("a: [1"); }), ContainsSubstring("no YAML"));
  const auto refusal = [](const char* data) {
    return complaint([&] {
      static_cast<void>(swept_parameters(malet::base::read_json(data), example_question()));
    });
  };
  CHECK_THAT(refusal(R"({"project": null})"), ContainsSubstring("no such project"));
  CHECK_THAT(refusal(R"({"project": {"sweep": null}})"), ContainsSubstring("no such sweep"));
}
