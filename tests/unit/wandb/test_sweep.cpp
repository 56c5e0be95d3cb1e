#include "base/json/json_read.hpp"
#include "canned.hpp"
#include "catch.hpp"
#include "wandb/sweep.hpp"

using malet::Value;
using malet::base::read_json;
using malet::test::complaint;
using malet::test::example_question;
using malet::wandb::RunPages;
using malet::wandb::swept_parameters;

namespace {

malet::Value run_page(const std::string& runs, const std::string& info) {
  return read_json(R"({"project": {"runCount": 3, "runs": {"edges": [)" + runs +
                   R"(], "pageInfo": )" + info + "}}}");
}

constexpr const char* one = R"({"node": {"name": "one"}})";
constexpr const char* two = R"({"node": {"name": "two"}})";
constexpr const char* more = R"({"endCursor": "c", "hasNextPage": true})";
constexpr const char* last = R"({"endCursor": null, "hasNextPage": false})";

std::string refusal(RunPages& pages, const malet::Value& data) {
  return complaint([&] { static_cast<void>(pages.take(data, example_question())); });
}

std::vector<std::string> swept(Value config) {
  const Value sweep(Value::Map{{"config", std::move(config)}});
  const Value project(Value::Map{{"sweep", sweep}});
  return swept_parameters(Value(Value::Map{{"project", project}}), example_question());
}

}  // namespace

TEST_CASE("pages follow each other by their cursors") {
  RunPages pages;
  CHECK(pages.more());
  CHECK(pages.cursor().empty());
  CHECK(pages.take(run_page(one, more), example_question()).size() == 1);
  CHECK(pages.more());
  CHECK(pages.cursor() == "c");
  CHECK(pages.total() == 3);
  CHECK(pages.take(run_page(two, last), example_question()).size() == 1);
  CHECK_FALSE(pages.more());
}

TEST_CASE("a sweep may have no runs") {
  RunPages pages;
  CHECK(pages.take(run_page("", last), example_question()).empty());
  CHECK_FALSE(pages.more());
}

TEST_CASE("pages that lead in a circle or nowhere are refused") {
  RunPages circle;
  static_cast<void>(circle.take(run_page(one, more), example_question()));
  CHECK_THAT(refusal(circle, run_page(two, more)), ContainsSubstring("leads on"));
  RunPages empty;
  CHECK_THAT(refusal(empty, run_page("", more)), ContainsSubstring("leads on"));
  RunPages nowhere;
  CHECK_THAT(refusal(nowhere, run_page(one, R"({"endCursor": "", "hasNextPage": true})")),
             ContainsSubstring("leads on"));
  RunPages twice;
  CHECK_THAT(refusal(twice, run_page(std::string(one) + "," + one, last)),
             ContainsSubstring("one"));
}

TEST_CASE("what is no page is refused") {
  RunPages pages;
  CHECK_THAT(refusal(pages, read_json(R"({"project": null})")), ContainsSubstring("project"));
  CHECK_THAT(refusal(pages, read_json(R"({"project": {}})")), ContainsSubstring("runs"));
  CHECK_THAT(refusal(pages, run_page("{}", last)), ContainsSubstring("node"));
  CHECK_THAT(refusal(pages, run_page(R"({"node": {}})", last)), ContainsSubstring("name"));
  CHECK_THAT(refusal(pages, run_page(one, "{}")), ContainsSubstring("hasNextPage"));
  RunPages others;
  CHECK_THAT(refusal(others, run_page(one, R"({"hasNextPage": true})")),
             ContainsSubstring("endCursor"));
}

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
