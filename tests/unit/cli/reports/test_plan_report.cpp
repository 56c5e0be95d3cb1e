#include <chrono>
#include <cstdint>
#include <string>

#include "catch.hpp"
#include "cli/reports/plan_report.hpp"

using malet::ConfigIter;
using malet::cli::PlanFacts;

namespace {

constexpr const char* yaml =
    "model: ResNet32\n"
    "grid:\n"
    "  optimizer: [sgd, adam]\n"
    "  lr: [0.1, 0.01, 0.1]\n"
    "  width: [[64, 128]]\n";

PlanFacts facts_of(const std::string& text) {
  return {"demo", ConfigIter::from_text(text), 0, 0, 0, [](std::uint64_t) { return ""; }};
}

std::string huge_grid() {
  std::string text = "grid:\n";
  for (int axis = 0; axis < 12; ++axis) {
    text += "  f" + std::to_string(axis) + ": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
  }
  return text;
}

template <typename Write>
std::string written(const Write& write) {
  std::string text;
  write([&text](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

std::string json(const PlanFacts& facts, std::uint64_t shown) {
  return written([&](const auto& sink) { write_plan_json(facts, shown, sink); });
}

std::string text(const PlanFacts& facts, std::uint64_t shown) {
  return written([&](const auto& sink) { write_plan_text(facts, shown, 120, sink); });
}

}  // namespace

TEST_CASE("the plan's document has its fields in order") {
  PlanFacts facts = facts_of(yaml);
  facts.completed = 1;
  CHECK(json(facts, 1) ==
        "{\n"
        "  \"experiment\": \"demo\",\n"
        "  \"total\": 6,\n"
        "  \"duplicates\": 2,\n"
        "  \"pending\": 3,\n"
        "  \"grid_fields\": [\n    \"optimizer\",\n    \"lr\",\n    \"width\"\n  ],\n"
        "  \"static_configs\": {\n    \"model\": \"ResNet32\"\n  },\n"
        "  \"configs\": [\n"
        "    {\"model\": \"ResNet32\", \"optimizer\": \"sgd\", \"lr\": 0.1, \"width\": [64, 128]}\n"
        "  ]\n"
        "}\n");
}

TEST_CASE("the plan for people tells counts, fields and the first configs") {
  PlanFacts facts = facts_of(yaml);
  facts.completed = 1;
  facts.failed = 1;
  facts.status = [](std::uint64_t index) { return index == 0 ? "complete" : ""; };
  const std::string plan = text(facts, 2);
  CHECK_THAT(plan, ContainsSubstring("demo: 6 configs, 2 of them repeats\n"
                                     "1 complete, 3 to run, 1 of these have failed\n"));
  CHECK_THAT(plan, ContainsSubstring("model      static  ResNet32\n"));
  CHECK_THAT(plan, ContainsSubstring("lr         2       0.01, 0.1\n"));
  CHECK_THAT(plan, ContainsSubstring("     0  sgd         0.1  (64, 128)  complete\n"));
  CHECK_THAT(plan, ContainsSubstring("... and 4 more; --all lists them\n"));
}

TEST_CASE("a plan that shows everything does not speak of more") {
  const std::string plan = text(facts_of(yaml), 100);
  CHECK(plan.find("more") == std::string::npos);
  CHECK_THAT(plan, ContainsSubstring("     5  adam"));
}

TEST_CASE("an experiment of one config has a plan") {
  const std::string plan = text(facts_of("model: x\n"), 20);
  CHECK_THAT(plan, ContainsSubstring("demo: 1 config\n"));
}

TEST_CASE("a grid of 10^12 configs is planned at once") {
  const auto began = std::chrono::steady_clock::now();
  const PlanFacts facts = facts_of(huge_grid());
  CHECK_THAT(json(facts, 20), ContainsSubstring("\"total\": 1000000000000,\n"
                                                "  \"duplicates\": null,\n"
                                                "  \"pending\": 1000000000000,"));
  CHECK_THAT(text(facts, 20), ContainsSubstring("and 999999999980 more"));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
}

TEST_CASE("a plan of 10^12 configs ends when nobody reads any more") {
  const PlanFacts facts = facts_of(huge_grid());
  int pieces = 0;
  const auto sink = [&pieces](std::string_view) { return ++pieces < 5; };
  write_plan_json(facts, facts.configs.size(), sink);
  CHECK(pieces == 5);
  pieces = 0;
  write_plan_text(facts, facts.configs.size(), 120, sink);
  CHECK(pieces == 5);
}

TEST_CASE("where repeats cannot be counted duplicates and pending are null") {
  std::string huge = "grid:\n";
  for (int axis = 0; axis < 8; ++axis) {
    huge += "  f" + std::to_string(axis) + ": [0, 1, 2, 3, 4, 5, 6, 7, 8, 0]\n";
  }
  const PlanFacts facts = facts_of(huge);
  CHECK_THAT(json(facts, 1), ContainsSubstring("\"duplicates\": null,\n  \"pending\": null"));
  CHECK_THAT(text(facts, 1), ContainsSubstring("0 complete, unknown to run"));
}
