#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/reports/cost_report.hpp"

using namespace malet;
using namespace malet::cli;

namespace {

CostFacts facts_of(std::vector<double> seconds, double gpus_per_run = 1) {
  sweep::RemainingCost cost;
  cost.runs = seconds.size();
  cost.seconds = std::move(seconds);
  cost.low = 0.5;
  cost.high = 2;
  return {cost.runs, cost, gpus_per_run};
}

JobShape shape_of(int nodes, int gpus, double hours) {
  JobShape shape;
  shape.nodes = nodes;
  shape.gpus_per_node = gpus;
  shape.time = Seconds(hours * 3600);
  return shape;
}

const std::vector<double> forty_half_hours(40, 1800);

}  // namespace

TEST_CASE("what is left is told in GPU-hours, with a range") {
  CHECK(cost_text(facts_of(forty_half_hours), {}) ==
        "40 runs to go: about 20.0 GPU-hours (10.0 to 40.0) at 1 GPU a run\n");
  CHECK(cost_text(facts_of({360}, 0.25), {}) ==
        "1 run to go: about 0.025 GPU-hours (0.013 to 0.05) at 0.25 GPU a run\n");
  CHECK(cost_text(facts_of(forty_half_hours, 0), {}) ==
        "40 runs to go: about 20.0 hours (10.0 to 40.0)\n");
}

TEST_CASE("what nobody knows is said to be unknown, and what is done is not mentioned") {
  CHECK(cost_text({5, {}, 1}, {}) == "hours to go: unknown, since no run is complete\n");
  CHECK(cost_text({std::nullopt, {}, 1}, {}) == "hours to go: unknown, since no run is complete\n");
  CHECK(cost_text({0, sweep::RemainingCost{}, 1}, {}).empty());
}

TEST_CASE("a shape and a walltime tell how many jobs do it") {
  const ExperimentOptions options;
  const auto plan = plan_job(shape_of(2, 4, 4), options);
  REQUIRE(plan);
  CHECK(plan->slots == 8);
  CHECK(plan->seconds == 4 * 3600 - 22);
  const std::string text = cost_text(facts_of(forty_half_hours), plan);
  CHECK_THAT(text, Catch::Matchers::EndsWith(
                       "about 1 job of 2 nodes with 4 GPUs each for 4:00:00 (1 to 2)\n"));
  CHECK_FALSE(plan_job(JobShape{}, options));
}

TEST_CASE("slots are as many as GPUs allow, or ranks where there are none") {
  ExperimentOptions options;
  options.devices.gpus_per_run = 3;
  CHECK(plan_job(shape_of(2, 8, 1), options)->slots == 4);
  options.devices.gpus_per_run = 1;
  options.devices.runs_per_gpu = 2;
  CHECK(plan_job(shape_of(1, 4, 1), options)->slots == 8);
  JobShape bare = shape_of(3, 0, 1);
  CHECK(plan_job(bare, options)->slots == 3);
  bare.tasks_per_node = 16;
  options.devices.slots = 2;
  CHECK(plan_job(bare, options)->slots == 96);
}

TEST_CASE("a run that may outlast its job is told to need checkpoints") {
  ExperimentOptions options;
  const CostFacts facts = facts_of({3000, 3000});
  const auto document = cost_document(facts, plan_job(shape_of(1, 1, 1), options));
  CHECK(to_json(document[4].second) ==
        R"({"mean": 2, "low": 1, "high": 4, "needs_checkpoints": true})");
  CHECK_THAT(cost_text(facts, plan_job(shape_of(1, 1, 1), options)),
             ContainsSubstring("a run may last 1:40:00") && ContainsSubstring("--checkpoint"));
  options.limits.checkpoint = true;
  CHECK_THAT(cost_text(facts, plan_job(shape_of(1, 1, 1), options)),
             ContainsSubstring("go on from its checkpoint"));
}

TEST_CASE("a walltime shorter than the end of a job takes is told") {
  const auto plan = plan_job(shape_of(1, 1, 0.005), ExperimentOptions());
  CHECK_THAT(cost_text(facts_of({1}), plan), ContainsSubstring("too short"));
  CHECK(cost_document(facts_of({1}), plan)[4].second.is_null());
}

TEST_CASE("the document has null for what is not known") {
  CHECK(
      to_json(cost_document({std::nullopt, {}, 1}, {})) ==
      R"({"runs": null, "gpus_per_run": 1.0, "run_hours": null, "gpu_hours": null, "jobs": null})");
  CHECK(to_json(cost_document(facts_of({7200}, 2), {})) ==
        R"({"runs": 1, "gpus_per_run": 2.0, "run_hours": {"mean": 2.0, "low": 1.0, "high": 4.0}, )"
        R"("gpu_hours": {"mean": 4.0, "low": 2.0, "high": 8.0}, "jobs": null})");
}
