#include <limits>

#include "base/json/json_read.hpp"
#include "catch.hpp"
#include "exec/host/host_message.hpp"
#include "malet/error.hpp"

using namespace malet;
using namespace malet::exec;
using Kind = HostMessage::Kind;

namespace {

RunOrder some_order() {
  RunOrder order;
  order.config = Config{{"epochs", 2}, {"lr", 0.1}, {"name", "a \"b\"\n"}};
  order.run_id = "0123456789abcdef";
  order.attempt = 3;
  order.dir = "EXP/runs/01/0123456789abcdef";
  order.resume = {{"loss", Value::List{1.0, std::numeric_limits<double>::infinity()}}};
  order.info = {{"status", "F"}};
  return order;
}

}  // namespace

TEST_CASE("a run order travels unchanged") {
  const RunOrder sent = some_order();
  const std::string line = run_line(sent, {"lr"}, {}, true);
  CHECK(line.find('\n') == std::string::npos);
  const RankMessage message = parse_rank_message(line, true);
  CHECK(message.kind == RankMessage::Kind::run);
  CHECK(Value(message.order.config.to_map()) == Value(sent.config.to_map()));
  CHECK(message.order.run_id == sent.run_id);
  CHECK(message.order.attempt == 3);
  CHECK(message.order.dir == sent.dir);
  CHECK(Value(message.order.resume) == Value(sent.resume));
  CHECK(Value(message.order.info) == Value(sent.info));
}

TEST_CASE("a run line has the keys of the protocol") {
  ExperimentFacts facts;
  facts.name = "digits";
  facts.folder = "/data/digits";
  facts.timeout = 1.5;
  facts.checkpoint = true;
  facts.configs_save = true;
  facts.total = 12;
  const Value line = base::read_json(run_line(some_order(), {"lr", "epochs"}, facts, false));
  CHECK(*line.find("type") == Value("run"));
  CHECK(line.find("protocol") == nullptr);
  CHECK(*line.find("grid_fields") == Value(Value::List{"lr", "epochs"}));
  const Value& experiment = *line.find("experiment");
  CHECK(*experiment.find("name") == Value("digits"));
  CHECK(*experiment.find("folder") == Value("/data/digits"));
  CHECK(*experiment.find("timeout") == Value(1.5));
  CHECK(*experiment.find("checkpoint") == Value(true));
  CHECK(*experiment.find("configs_save") == Value(true));
  CHECK(*experiment.find("total") == Value(12));
}

TEST_CASE("what a run does not have is left out of its line") {
  RunOrder order = some_order();
  order.resume = {};
  order.info = {};
  const Value line = base::read_json(run_line(order, {}, {}, true));
  CHECK(*line.find("protocol") == Value(1));
  CHECK(line.find("resume") == nullptr);
  CHECK(line.find("info") == nullptr);
  CHECK(line.find("experiment")->find("timeout") == nullptr);
  CHECK(line.find("experiment")->find("checkpoint") == nullptr);
}

TEST_CASE("a stop line has its reason") {
  CHECK(stop_line("deadline") == R"({"type": "stop", "reason": "deadline"})");
  CHECK(parse_rank_message(stop_line("timeout"), false).kind == RankMessage::Kind::stop);
}

TEST_CASE("everything a host says travels unchanged") {
  HostMessage sent;
  sent.kind = GENERATE(Kind::report, Kind::done, Kind::failed);
  sent.metrics = {{"loss", std::numeric_limits<double>::quiet_NaN()}, {"n", 2}};
  sent.set = {{"best", -std::numeric_limits<double>::infinity()}};
  sent.keep = true;
  sent.stopped = true;
  sent.cpu_seconds = 1.25;
  if (sent.kind == Kind::failed) sent.error = "ValueError: no";
  sent.traceback = "a\nb";
  const HostMessage got = parse_host_message(host_line(sent));
  CHECK(got.kind == sent.kind);
  CHECK(Value(got.metrics) == Value(sent.metrics));
  CHECK(Value(got.set) == Value(sent.set));
  CHECK(got.keep);
  CHECK(got.stopped);
  CHECK(got.cpu_seconds == 1.25);
  CHECK(got.error == sent.error);
  CHECK(got.traceback == "a\nb");
}

TEST_CASE("ready carries the protocol") {
  CHECK(host_line({}) == R"({"type": "ready", "protocol": 1})");
  CHECK(parse_host_message(host_line({})).kind == Kind::ready);
}

TEST_CASE("what may be absent has its default, and null is absent") {
  const auto line = GENERATE(as<std::string>{}, R"({"type":"done"})",
                             R"({"type":"done","metrics":null,"keep":null,"cpu":null})");
  const HostMessage message = parse_host_message(line);
  CHECK(message.metrics.empty());
  CHECK_FALSE(message.keep);
  CHECK_FALSE(message.stopped);
  CHECK_FALSE(message.cpu_seconds);
}

TEST_CASE("unknown keys are ignored") {
  const auto message =
      parse_host_message(R"({"later": {"x": [1]}, "type": "report", "metrics": {"a": 1}})");
  CHECK(message.metrics.size() == 1);
  CHECK(parse_rank_message(R"({"type":"stop","reason":"x","later":1})", false).kind ==
        RankMessage::Kind::stop);
}

TEST_CASE("a wrong line of a host is an error that says what is wrong") {
  const auto [line, sentence] = GENERATE(table<const char*, const char*>(
      {{"", "byte 1"},
       {"hello", "byte 1"},
       {"[1]", "no JSON object"},
       {"3", "no JSON object"},
       {R"({"type":"done"} x)", "byte"},
       {R"({"metrics":{}})", "'type' is missing"},
       {R"({"type":null})", "'type' is missing"},
       {R"({"type":5})", "'type' is integer, not text"},
       {R"({"type":"finished"})", "'finished' is no type"},
       {R"({"type":"run"})", "'run' is no type"},
       {R"({"type":"ready"})", "'protocol' is missing"},
       {R"({"type":"ready","protocol":2})", "protocol 2 is spoken, here it is 1"},
       {R"({"type":"ready","protocol":"1"})", "'protocol' is text, not integer"},
       {R"({"type":"report","metrics":[1]})", "'metrics' is list, not map"},
       {R"({"type":"report","keep":1})", "'keep' is integer, not boolean"},
       {R"({"type":"failed"})", "'error' is missing"},
       {R"({"type":"failed","error":{}})", "'error' is map, not text"},
       {R"({"type":"failed","error":"e","traceback":1})", "'traceback' is integer, not text"}}));
  INFO(line);
  CHECK_THROWS_WITH(parse_host_message(line), ContainsSubstring(sentence));
  CHECK_THROWS_AS(parse_host_message(line), Error);
}

TEST_CASE("a wrong line of a rank is an error, too") {
  const auto [line, first] = GENERATE(table<const char*, bool>({
      {R"({"type":"done"})", false},
      {R"({"type":"run"})", false},
      {R"({"type":"run","config":[]})", false},
      {R"({"type":"run","config":{},"protocol":2})", false},
      {R"({"type":"run","config":{}})", true},
      {R"({"type":"stop","reason":"deadline"})", true},
  }));
  INFO(line);
  CHECK_THROWS_AS(parse_rank_message(line, first), Error);
}
