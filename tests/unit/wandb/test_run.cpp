#include "base/json/json_read.hpp"
#include "canned.hpp"
#include "catch.hpp"
#include "wandb/run.hpp"

using malet::Value;
using malet::base::Micros;
using malet::test::complaint;
using malet::test::example_question;
using malet::wandb::read_run;
using malet::wandb::Run;

namespace {

Run run(const std::string& fields) {
  return read_run(malet::base::read_json(std::string(R"({"name": "r1")") +
                                         (fields.empty() ? "" : ", ") + fields + "}"),
                  example_question());
}

}  // namespace

TEST_CASE("a config is taken out of its wrapping, without W&B's own fields") {
  const Run read = run(R"("config": "{\"lr\": {\"desc\": null, \"value\": 0.1}, \"n\": 3, )"
                       R"(\"_wandb\": {\"value\": {}}, \"wandb_version\": 1, )"
                       R"(\"wandb_group\": {\"value\": \"mine\"}, \"sizes\": {\"value\": [1]}}")");
  CHECK(read.config ==
        Value::Map{{"lr", 0.1}, {"n", 3}, {"wandb_group", "mine"}, {"sizes", Value::List{1}}});
}

TEST_CASE("fields of maps are joined by dots, an empty map stays") {
  const Run read = run(R"("config": {"o": {"value": {"lr": 1, "b": {"c": 2}, "e": {}}}})");
  CHECK(read.config == Value::Map{{"o.lr", 1}, {"o.b.c", 2}, {"o.e", Value::Map{}}});
}

TEST_CASE("states are statuses") {
  const auto status = [](const std::string& state) {
    return run(R"("state": ")" + state + '"').status;
  };
  CHECK(status("finished") == "C");
  for (const char* state : {"running", "pending", "preempting"}) CHECK(status(state) == "R");
  for (const char* state : {"crashed", "failed", "killed", "preempted", "?"}) {
    CHECK(status(state) == "F");
  }
  CHECK(run("").status == "F");
}

TEST_CASE("the time is that of the last sign of life, the duration what the run says") {
  const std::string times =
      R"("createdAt": "2026-01-02T03:04:05", "heartbeatAt": "2026-01-02T03:04:15Z")";
  CHECK(run(times).updated == malet::base::parse_utc("2026-01-02T03:04:15"));
  CHECK(run(times).duration == Micros(10'000'000));
  CHECK(run(times + R"(, "summaryMetrics": "{\"_runtime\": 2.5}")").duration == Micros(2'500'000));
  CHECK(run(times + R"(, "summaryMetrics": {"_wandb": {"runtime": 7}})").duration ==
        Micros(7'000'000));
  CHECK(run(R"("createdAt": "2026-01-02T03:04:05")").updated ==
        malet::base::parse_utc("2026-01-02T03:04:05"));
  CHECK_FALSE(run("").updated);
  CHECK_FALSE(run("").duration);
  CHECK_FALSE(run(R"("createdAt": "yesterday", "summaryMetrics": {"_runtime": -1})").duration);
}

TEST_CASE("the size of a history is known from whatever tells it") {
  CHECK(run("").last_step == -1);
  CHECK(run(R"("historyKeys": {"lastStep": 49}, "historyLineCount": 10)").last_step == 49);
  CHECK(run(R"("historyKeys": "{\"lastStep\": 49.0}")").last_step == 49);
  CHECK(run(R"("summaryMetrics": {"_step": 7})").last_step == 7);
  CHECK(run(R"("historyLineCount": 10)").last_step == 9);
  CHECK(run(R"("historyLineCount": 10)").history_rows == 10);
}

TEST_CASE("errors name the run") {
  CHECK_THAT(complaint([] { run(R"("config": "{")"); }),
             ContainsSubstring("run r1 of sweep abc of me/resnet: its config is no JSON"));
}
