#include "catch.hpp"
#include "sweep/job/job.hpp"
#include "sweep/recording/recorder.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

/// A recorder over one log of three configs, and its rows.
class Records {
  TempFolder folder_;

 public:
  Recorder recorder{logs(), {}};

  RunRecord step(std::uint64_t index, Metrics metrics) {
    RunRecord record;
    record.is_step = true;
    record.index = index;
    record.metrics = std::move(metrics);
    recorder.take(record);
    return record;
  }
  RunRecord end(std::uint64_t index, Metrics metrics, RunEnd how = RunEnd::complete) {
    RunRecord record;
    record.index = index;
    record.end = how;
    record.metrics = std::move(metrics);
    recorder.take(record);
    return record;
  }
  [[nodiscard]] std::string cell(std::size_t row, const std::string& column) const {
    return recorder.log().df().text(row, column);
  }

 private:
  std::vector<LogWriter> logs() const {
    const auto configs = ConfigIter::from_text("model: m\ngrid: {lr: [1, 2, 3]}");
    std::vector<LogWriter> writers;
    writers.emplace_back(new_log(configs, {}, folder_.path() / "log.tsv"),
                         std::vector<std::uint64_t>(), configs, "");
    return writers;
  }
};

}  // namespace

TEST_CASE("of a metric that is given twice the last value counts") {
  Records records;
  records.end(0, {{"dup", 1}, {"dup", 2}});
  CHECK(records.cell(0, "dup") == "2");
}

TEST_CASE("an interrupted run is a failed row with what it had reported") {
  Records records;
  records.step(1, {{"loss", 1}});
  CHECK(records.end(1, {}, RunEnd::interrupted).end == RunEnd::interrupted);
  CHECK(records.cell(0, "status") == "F");
  CHECK(records.cell(0, "loss") == "[1]");
}
