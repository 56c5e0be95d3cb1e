#include "catch.hpp"
#include "malet/experiment.hpp"
#include "sweep/recording/recorder.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

const auto three_configs = ConfigIter::from_text("grid: {lr: [1, 2, 3]}");

class Bench {
 public:
  explicit Bench(std::unordered_map<std::uint64_t, Earlier> earlier = {}, bool retries = false)
      : recorder(logs(), std::move(earlier), retries) {}

  void step(std::uint64_t index, Metrics metrics, bool replaces = false, bool keeps = false) {
    RunRecord record;
    record.is_step = true;
    record.index = index;
    record.metrics = std::move(metrics);
    record.replaces = replaces;
    record.keeps_series = keeps;
    recorder.take(record);
  }
  RunRecord end(std::uint64_t index, RunEnd how, Metrics metrics = {}) {
    RunRecord record;
    record.index = index;
    record.end = how;
    record.metrics = std::move(metrics);
    record.attempt.emplace();
    recorder.take(record);
    return record;
  }
  std::string cell(std::size_t row, const std::string& column) {
    recorder.snapshot({}, 'R');
    return ExperimentLog::from_tsv(folder.path() / "log.tsv").df().text(row, column);
  }

  TempFolder folder;
  Recorder recorder;

 private:
  std::vector<LogWriter> logs() const {
    std::vector<LogWriter> writers;
    writers.emplace_back(ExperimentLog::from_config_iter(three_configs, Experiment::infos(),
                                                         folder.path() / "log.tsv"),
                         std::vector<std::uint64_t>(), three_configs, "");
    return writers;
  }
};

}  // namespace

TEST_CASE("values that replace take the place of a series or a value") {
  Bench bench;
  bench.step(0, {{"loss", 1}});
  bench.step(0, {{"loss", 2}});
  bench.step(0, {{"loss", Value::List{9, 8}}, {"best", 3}}, true);
  bench.step(0, {{"best", 2}}, true);
  bench.step(0, {{"loss", 7}});
  (void)bench.end(0, RunEnd::complete);
  CHECK(bench.cell(0, "loss") == "[9, 8, 7]");
  CHECK(bench.cell(0, "best") == "2");
}

TEST_CASE("a list that is reported is appended value by value") {
  Bench bench;
  bench.step(0, {{"loss", Value::List{1, 2}}});
  bench.step(0, {{"loss", 3}});
  (void)bench.end(0, RunEnd::complete);
  CHECK(bench.cell(0, "loss") == "[1, 2, 3]");
}

TEST_CASE("a metric with a config field's name makes the attempt an error, too") {
  Bench bench;
  const RunRecord record = bench.end(0, RunEnd::complete, {{"lr", 1}});
  CHECK(record.end == RunEnd::failed);
  CHECK(record.attempt->reason == EndReason::error);
  CHECK_THAT(record.error, ContainsSubstring("'lr'"));
}

TEST_CASE("attempts are counted over what was there and what is tried again") {
  Earlier before;
  before.attempts = 3;
  before.metrics = {{"loss", Value::List{1}}};
  Bench bench({{1, before}}, true);
  REQUIRE(bench.recorder.earlier(1) != nullptr);
  CHECK(bench.recorder.earlier(1)->attempts == 3);
  CHECK(bench.recorder.earlier(0) == nullptr);
  (void)bench.end(1, RunEnd::failed);
  REQUIRE(bench.recorder.earlier(1) != nullptr);
  CHECK(bench.recorder.earlier(1)->attempts == 4);
  CHECK(bench.recorder.earlier(1)->metrics.size() == 1);
  (void)bench.end(1, RunEnd::complete);
  CHECK_FALSE(bench.recorder.has_earlier());
}

TEST_CASE("without retries nothing of a failed run is kept at hand") {
  Bench bench;
  (void)bench.end(0, RunEnd::failed);
  CHECK_FALSE(bench.recorder.has_earlier());
}
