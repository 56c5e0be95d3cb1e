#include "canned.hpp"
#include "catch.hpp"
#include "wandb/run_log.hpp"

using malet::Value;
using malet::test::complaint;
using malet::wandb::Run;
using malet::wandb::run_log;

namespace {

using Names = std::vector<std::string>;

Run run(Value::Map config, Value::Map summary) {
  Run made;
  made.status = "C";
  made.config = std::move(config);
  made.summary = std::move(summary);
  return made;
}

Names metrics(const malet::ExperimentLog& log) {
  return {log.metric_fields().begin() + 4, log.metric_fields().end()};
}

}  // namespace

TEST_CASE("swept fields and those in which runs differ make the grid, others are static") {
  const std::vector<Run> runs = {
      run({{"model", "m"}, {"seed", 1}, {"lr", 1}, {"some", 1}}, {}),
      run({{"model", "m"}, {"seed", 1}, {"lr", 2}}, {}),
  };
  const auto log = run_log(runs, {"seed", "absent"}, {}, "log.tsv");
  CHECK(log.grid_fields() == Names{"seed", "absent", "lr", "some"});
  CHECK(log.static_configs() == Value::Map{{"model", "m"}});
  CHECK(log.df().configs(1) ==
        Value::Map{{"seed", 1}, {"absent", Value()}, {"lr", 2}, {"some", Value()}});
}

TEST_CASE("an integral real is no other value than its integer") {
  const auto log = run_log({run({{"lr", 1}}, {}), run({{"lr", 1.0}}, {})}, {}, {}, {});
  CHECK(log.static_configs() == Value::Map{{"lr", 1}});
}

TEST_CASE("each run has a row, also where several have one config") {
  const auto log = run_log({run({{"seed", 1}}, {{"acc", 1}}), run({{"seed", 1}}, {{"acc", 2}})},
                           {"seed"}, {}, {});
  REQUIRE(log.size() == 2);
  CHECK(log.df().value(0, "acc") == Value(1));
  CHECK(log.df().value(1, "acc") == Value(2));
}

TEST_CASE("metrics are scalars and lists of them, a series before its last value") {
  Run first = run({}, {{"acc", 0.5},
                       {"_runtime", 3},
                       {"top", Value::List{1, 2}},
                       {"plot", Value::Map{{"_type", "table"}}},
                       {"loss", 1}});
  first.series = {{"loss", Value::List{3, 1}}};
  const auto log = run_log({first, run({}, {{"late", "x"}})}, {}, {}, {});
  CHECK(metrics(log) == Names{"loss", "acc", "top", "late"});
  CHECK(log.df().value(0, "loss") == Value(Value::List{3, 1}));
  CHECK(log.df().value(0, "top") == Value(Value::List{1, 2}));
  CHECK(log.df().value(1, "acc").is_null());
  CHECK(log.df().value(1, "late") == Value("x"));
}

TEST_CASE("metrics that are picked come in that order, and one that no run has is refused") {
  const std::vector<Run> runs = {run({}, {{"a", 1}, {"b", 2}, {"_step", 3}})};
  CHECK(metrics(run_log(runs, {}, {"_step", "b"}, {})) == Names{"_step", "b"});
  CHECK_THAT(complaint([&] { static_cast<void>(run_log(runs, {}, {"c"}, {})); }),
             ContainsSubstring("'c'") && ContainsSubstring("a, b"));
  CHECK(run_log({}, {"lr"}, {"c"}, {}).size() == 0);
}

TEST_CASE("names that stand for something else already are told apart") {
  const auto log = run_log(
      {run({{"lr", 1}, {"status", "s"}, {"id", 7}}, {{"lr", 0.1}, {"duration", 5}, {"id", 8}})},
      {"id"}, {}, {});
  CHECK(log.grid_fields() == Names{"config.id"});
  CHECK(log.static_configs() == Value::Map{{"lr", 1}, {"config.status", "s"}});
  CHECK(metrics(log) == Names{"summary.lr", "summary.duration", "summary.id"});
  CHECK(log.df().value(0, "summary.lr") == Value(0.1));
  CHECK(log.df().text(0, "status") == "C");
}

TEST_CASE("the info columns say when a run ended, how long it took and of which commit it was") {
  Run one = run({}, {});
  one.updated = malet::base::Micros(1'767'323'045'000'000);
  one.duration = malet::base::Micros(1'500'000);
  one.commit = "abc";
  const auto log = run_log({one}, {}, {}, {});
  CHECK(log.df().text(0, "datetime") == malet::base::datetime_text(*one.updated));
  CHECK(log.df().text(0, "duration") == "0 days 00:00:01.500000");
  CHECK(log.df().text(0, "commit_hash") == "abc");
  CHECK(log.df().text(0, "status") == "C");
}
