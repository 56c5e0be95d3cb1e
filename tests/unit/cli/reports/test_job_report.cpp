#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/reports/job_report.hpp"

using namespace malet;
using namespace malet::cli;

namespace {

JobFacts job(const std::string& number, const exec::TaskStates& states, std::uint64_t tasks = 1) {
  return {{{number, "", tasks}, "2026-11-26 01:02:03.000004", "job_0.sbatch"}, states};
}

}  // namespace

TEST_CASE("states are a word, or counts of an array's tasks") {
  CHECK(states_text({{"RUNNING", 1}}) == "RUNNING");
  CHECK(states_text({{"PENDING", 3}, {"RUNNING", 1}}) == "3 PENDING, 1 RUNNING");
  CHECK(states_text({{"COMPLETED", 4}}) == "4 COMPLETED");
}

TEST_CASE("a job lives until all of its tasks are over") {
  CHECK(job("1", {{"COMPLETED", 1}, {"PENDING", 1}}).is_alive());
  CHECK(job("1", {{"unknown", 1}}).is_alive());
  CHECK_FALSE(job("1", {{"unknown", 1}}).is_known());
  CHECK_FALSE(job("1", {{"COMPLETED", 1}, {"FAILED", 2}}).is_alive());
  CHECK_FALSE(job("1", {{"ended", 1}}).is_alive());
}

TEST_CASE("jobs are told to people: living ones, and the last of the others") {
  CHECK(jobs_text({}).empty());
  std::vector<JobFacts> jobs = {job("1", {{"RUNNING", 1}})};
  for (int i = 2; i < 8; ++i) jobs.push_back(job(std::to_string(i), {{"COMPLETED", 1}}));
  const std::string end = "submitted 2026-11-26 01:02:03\n";
  CHECK(jobs_text(jobs) ==
        "submitted jobs:\n  3 earlier ones, all over\n"
        "  1          RUNNING                  " +
            end + "  5          COMPLETED                " + end +
            "  6          COMPLETED                " + end +
            "  7          COMPLETED                " + end);
}

TEST_CASE("the document has every job with the states of its tasks") {
  CHECK(to_json(Value(jobs_document({job("55", {{"PENDING", 3}, {"RUNNING", 1}}, 4)}))) ==
        R"([{"job": "55", "cluster": null, "submitted": "2026-11-26 01:02:03.000004", )"
        R"("script": "job_0.sbatch", "tasks": 4, "states": {"PENDING": 3, "RUNNING": 1}}])");
}
