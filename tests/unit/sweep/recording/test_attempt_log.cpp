#include <sstream>

#include "base/json/json_read.hpp"
#include "catch.hpp"
#include "sweep/recording/attempt_log.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

const auto tried_configs = ConfigIter::from_text("model: m\ngrid: {lr: [0.1, .inf], seed: [1, 2]}");

RunRecord failed_run(std::uint64_t index) {
  RunRecord record;
  record.index = index;
  record.end = RunEnd::failed;
  record.at = Micros(1'700'000'001'000'000);
  record.error = "left with exit code 3: \"no\"";
  Attempt& attempt = record.attempt.emplace();
  attempt.number = 2;
  attempt.pid = 4711;
  attempt.started = Micros(1'700'000'000'000'000);
  attempt.reason = EndReason::exit;
  attempt.exit_code = 3;
  attempt.peak_memory = 123456;
  attempt.cpu_seconds = 0.5;
  attempt.error_output = "warning\ncut off \xe2\x82";
  attempt.traceback = "line 1\nline 2";
  return record;
}

std::vector<Value> lines(const std::string& text) {
  std::vector<Value> values;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) values.push_back(base::read_json(line));
  return values;
}

std::vector<std::string> keys(const Value& line) {
  std::vector<std::string> names;
  for (const auto& [name, value] : line.map()) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("a line has everything about the attempt") {
  const TempFolder folder;
  AttemptLog log({folder.path() / "log.tsv"}, tried_configs,
                 {{"n0", 0, 0, "0"}, {"n1", 3, 1, "GPU-a,GPU-b"}});
  log.add(1, failed_run(1));
  CHECK(folder.files().empty());
  log.flush();
  const auto all = lines(folder.read("log.tsv.attempts.jsonl"));
  REQUIRE(all.size() == 1);
  const Value& line = all[0];
  CHECK(keys(line) == std::vector<std::string>{"run_id", "attempt", "config", "node", "rank",
                                               "slot", "gpus", "pid", "started", "finished",
                                               "reason", "exit_code", "signal", "peak_memory",
                                               "cpu_seconds", "error", "traceback", "stderr"});
  CHECK(line.find("run_id")->text() == tried_configs.config(1).run_id());
  CHECK(*line.find("attempt") == Value(2));
  CHECK(*line.find("config") == Value(tried_configs.config(1).to_map()));
  CHECK(*line.find("node") == Value("n1"));
  CHECK(*line.find("rank") == Value(3));
  CHECK(*line.find("slot") == Value(1));
  CHECK(*line.find("gpus") == Value(Value::List{"GPU-a", "GPU-b"}));
  CHECK(*line.find("pid") == Value(4711));
  CHECK(line.find("started")->text().size() >= 19);
  CHECK(line.find("started")->text() < line.find("finished")->text());
  CHECK(*line.find("reason") == Value("exit"));
  CHECK(*line.find("exit_code") == Value(3));
  CHECK(line.find("signal")->is_null());
  CHECK(*line.find("peak_memory") == Value(123456));
  CHECK(line.find("cpu_seconds")->number() == 0.5);
  CHECK(*line.find("error") == Value("left with exit code 3: \"no\""));
  CHECK(*line.find("traceback") == Value("line 1\nline 2"));
  CHECK(line.find("stderr")->text().starts_with("warning\ncut off \xef\xbf\xbd"));
}

TEST_CASE("what is not known is null") {
  const TempFolder folder;
  AttemptLog log({folder.path() / "log.tsv"}, tried_configs, {{"n0", 0, 0, ""}});
  RunRecord record;
  record.index = 2;
  record.attempt.emplace().signal = 9;
  log.add(0, record);
  log.flush();
  const Value line = lines(folder.read("log.tsv.attempts.jsonl")).at(0);
  CHECK(*line.find("gpus") == Value(Value::List{}));
  for (const char* name : {"exit_code", "peak_memory", "error", "traceback"}) {
    CHECK(line.find(name)->is_null());
  }
  CHECK(*line.find("signal") == Value(9));
  CHECK(*line.find("stderr") == Value(""));
}

TEST_CASE("an attempt stands beside the log that has its row") {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "log_splits");
  const auto splits = folder.path() / "log_splits";
  AttemptLog log({splits / "split_0.tsv", splits / "split_1.tsv"}, tried_configs,
                 {{"n", 0, 0, ""}});
  for (const std::uint64_t index : {0U, 1U, 3U}) log.add(0, failed_run(index));
  log.flush();
  log.flush();
  CHECK(lines(folder.read("log_splits/split_0.tsv.attempts.jsonl")).size() == 1);
  CHECK(lines(folder.read("log_splits/split_1.tsv.attempts.jsonl")).size() == 2);
}

TEST_CASE("what cannot be written is kept for the next time") {
  const TempFolder folder;
  AttemptLog log({folder.path() / "later" / "log.tsv"}, tried_configs, {{"n", 0, 0, ""}});
  log.add(0, failed_run(0));
  log.flush();
  std::filesystem::create_directory(folder.path() / "later");
  log.add(0, failed_run(1));
  log.flush();
  CHECK(lines(folder.read("later/log.tsv.attempts.jsonl")).size() == 2);
}
