#include "canned.hpp"
#include "catch.hpp"
#include "wandb/import.hpp"

using malet::Value;
using malet::test::answer;
using malet::test::CannedClient;
using malet::test::complaint;
using malet::test::failed;
using malet::wandb::Api;
using malet::wandb::HttpReply;
using malet::wandb::import_sweeps;
using malet::wandb::ImportOptions;
using malet::wandb::ImportProgress;
using malet::wandb::Seconds;

namespace {

const HttpReply sweep =
    answer(200, R"({"data": {"project": {"sweep": {"config": "parameters: {s: {min: 0}}"}}}})");

HttpReply page(const std::string& name, const std::string& cursor) {
  return answer(
      200, R"({"data": {"project": {"runCount": 2, "runs": {"edges": [{"node": {"name": ")" + name +
               R"(", "state": "finished", "config": "{\"s\": {\"value\": 1}}", )" +
               R"("summaryMetrics": "{\"loss\": 1}", "historyLineCount": 2}}], )" +
               R"("pageInfo": {"endCursor": ")" + cursor + R"(", "hasNextPage": )" +
               (cursor.empty() ? "false" : "true") + "}}}}}");
}

HttpReply history(const std::string& rows) {
  return answer(200, R"({"data": {"project": {"run": {"history": [)" + rows + "]}}}}");
}

ImportOptions options() {
  ImportOptions chosen;
  chosen.project = {"me", "resnet"};
  chosen.sweeps = {"abc"};
  return chosen;
}

/// An Api whose rests take no time and are remembered.
struct Fixture {
  explicit Fixture(std::vector<HttpReply> replies)
      : http(std::move(replies)),
        api(http, malet::test::example_server(),
            {[this](Seconds rest) { rests.push_back(rest.count()); }, [] { return 0.0; }}) {}

  CannedClient http;
  std::vector<double> rests;
  Api api;
};

}  // namespace

TEST_CASE("a sweep is asked for its config, then for its runs page by page") {
  Fixture w({sweep, page("r1", "c1"), page("r2", "")});
  std::vector<std::size_t> seen;
  const auto log = import_sweeps(w.api, options(), [&](const ImportProgress& progress) {
    seen.push_back(progress.runs);
    CHECK(progress.total == 2);
  });
  CHECK(log.size() == 2);
  CHECK(log.grid_fields() == std::vector<std::string>{"s"});
  CHECK(seen == std::vector<std::size_t>{1, 2});
  REQUIRE(w.http.requests.size() == 3);
  CHECK(w.http.requests[0].url == "https://wandb.example/graphql");
  CHECK(w.http.requests[0].user == "api");
  CHECK(w.http.requests[0].password == "secret-key");
  CHECK(*w.http.variables(0).find("sweep") == Value("abc"));
  CHECK(w.http.variables(1).find("cursor")->is_null());
  CHECK(*w.http.variables(2).find("cursor") == Value("c1"));
  CHECK(*w.http.variables(2).find("filters") == Value(R"({"$and": [{"sweep": "abc"}]})"));
}

TEST_CASE("histories are fetched whole, or the import is given up") {
  auto chosen = options();
  chosen.all_steps = true;
  Fixture whole({sweep, page("r1", ""),
                 history(R"("{\"_step\": 0, \"loss\": 2}", "{\"_step\": 1, \"loss\": 1}")")});
  CHECK(import_sweeps(whole.api, chosen).df().value(0, "loss") == Value(Value::List{2, 1}));
  CHECK(*whole.http.variables(2).find("run") == Value("r1"));
  Fixture samples({sweep, page("r1", ""), history(R"("{\"_step\": 1, \"loss\": 1}")")});
  CHECK_THAT(complaint([&] { static_cast<void>(import_sweeps(samples.api, chosen)); }),
             ContainsSubstring("run r1") && ContainsSubstring("1 of the 2 steps"));
}

TEST_CASE("what passes is asked again after a rest, what does not is an error") {
  const auto broken = failed(HttpReply::Failure::broken, "reset");
  auto busy = answer(429, "");
  busy.retry_after = Seconds(5);
  Fixture w({broken, sweep, answer(500, ""), busy, broken, page("r1", "")});
  CHECK(import_sweeps(w.api, options()).size() == 1);
  CHECK(w.rests == std::vector<double>{0.25, 0.25, 5, 1});
  Fixture down(std::vector<HttpReply>(20, answer(503, "")));
  CHECK_THAT(complaint([&] { static_cast<void>(import_sweeps(down.api, options())); }),
             ContainsSubstring("HTTP 503, 8 times"));
  CHECK(down.http.requests.size() == 8);
  Fixture alone(std::vector<HttpReply>(20, failed(HttpReply::Failure::unreachable, "no route")));
  CHECK_THAT(complaint([&] { static_cast<void>(import_sweeps(alone.api, options())); }),
             ContainsSubstring("no answer, 3 times (no route)"));
}

TEST_CASE("what cannot be asked is refused before anybody is") {
  Fixture w({});
  const auto refusal = [&](const ImportOptions& chosen) {
    return complaint([&] { static_cast<void>(import_sweeps(w.api, chosen)); });
  };
  auto chosen = options();
  chosen.project.name = "a/b";
  CHECK_THAT(refusal(chosen), ContainsSubstring("'a/b' is no W&B project"));
  chosen = options();
  chosen.sweeps.clear();
  CHECK_THAT(refusal(chosen), ContainsSubstring("no W&B sweep is named"));
  chosen.sweeps = {"abc", "abc"};
  CHECK_THAT(refusal(chosen), ContainsSubstring("twice"));
  chosen = options();
  chosen.filter = "state";
  CHECK_THAT(refusal(chosen), ContainsSubstring("no map"));
  CHECK(w.http.requests.empty());
}

TEST_CASE("ExperimentLog::from_wandb_sweep throws as the import does") {
  CHECK_THAT(complaint([] {
               static_cast<void>(
                   malet::ExperimentLog::from_wandb_sweep("me", "resnet", {"a/b"}, "log.tsv"));
             }),
             ContainsSubstring("'a/b' is no W&B sweep"));
}
