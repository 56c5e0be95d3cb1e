#include <cmath>
#include <fstream>
#include <map>
#include <optional>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/experiment.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/log/series_views.hpp"
#include "record/series/series_segments.hpp"
#include "sweep/folder/row_matcher.hpp"
#include "sweep/recording/recorder.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;
namespace fs = std::filesystem;

namespace {

const auto configs_of_epochs = ConfigIter::from_text("epochs: 5\ngrid: {lr: [1, 2, 3]}");

/// Recorders over one log whose series are kept in HDF5, one after the other, and the log as
/// readers see it.
class JobOfSeries {
 public:
  JobOfSeries() { begin(); }

  /// A new job on what is there.
  void begin(bool retries = false) {
    recorder.reset();
    std::unordered_map<std::uint64_t, Earlier> earlier;
    std::vector<LogWriter> logs;
    if (fs::exists(path)) {
      ExperimentLog log = record::read_log(path).log;
      if (record::series_of(log)) record::write_segment(path, record::series_of(log)->unstored());
      log.to_tsv();
      fs::remove(base::paths::journal(path));
      log = record::read_log(path).log;
      const auto indices = match_rows(log, configs_of_epochs);
      for (std::size_t row = 0; row < log.size(); ++row) {
        if (log.df().text(row, "status") == "C") continue;
        Earlier left;
        const LogTable cells = record::view_of(record::table_of(log));
        for (auto& [name, value] : cells.metrics(row)) {
          if (name == "loss" && !value.is_null()) left.metrics.emplace_back(name, value);
        }
        earlier.emplace(indices[row], std::move(left));
      }
      logs.emplace_back(std::move(log), indices, configs_of_epochs, "");
    } else {
      logs.emplace_back(
          ExperimentLog::from_config_iter(configs_of_epochs, Experiment::infos(), path),
          std::vector<std::uint64_t>(), configs_of_epochs, "");
      logs.back().mark_changed();
    }
    logs.back().keep_series_apart();
    recorder.emplace(std::move(logs), std::move(earlier), retries);
    recorder->snapshot({}, 'R');
    recorder->begin_journals(Sync::never);
  }

  void step(std::uint64_t index, Metrics metrics, bool keeps = false, bool replaces = false) {
    RunRecord record;
    record.is_step = true;
    record.index = index;
    record.metrics = std::move(metrics);
    record.keeps_series = keeps;
    record.replaces = replaces;
    recorder->take(record);
    recorder->flush();
  }
  void end(std::uint64_t index, RunEnd how = RunEnd::complete, Metrics metrics = {},
           bool keeps = false) {
    RunRecord record;
    record.index = index;
    record.end = how;
    record.metrics = std::move(metrics);
    record.keeps_series = keeps;
    record.attempt.emplace();
    recorder->take(record);
    recorder->flush();
  }
  /// What readers see of a config's loss.
  [[nodiscard]] Value loss(int lr) const {
    const ExperimentLog log = record::read_log(path).log;
    for (std::size_t row = 0; row < log.size(); ++row) {
      if (log.df().value(row, "lr") == Value(lr)) return log.df().value(row, "loss");
    }
    return {};
  }
  [[nodiscard]] std::string cell(const std::string& field) const {
    return ExperimentLog::from_tsv(path).df().text(0, field);
  }
  /// All files, to go back to later.
  [[nodiscard]] std::map<fs::path, std::string> files() const {
    std::map<fs::path, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
      if (entry.is_regular_file()) found[entry.path()] = base::read_file(entry.path());
    }
    return found;
  }
  void put_back(const std::map<fs::path, std::string>& files, const fs::path& only = {}) const {
    for (const auto& [file, text] : files) {
      if (!only.empty() && file != only) continue;
      fs::create_directories(file.parent_path());
      std::ofstream(file, std::ios::binary) << text;
    }
  }

  TempFolder folder;
  fs::path path = folder.path() / "log.tsv";
  std::optional<Recorder> recorder;
};

Value list(const Value::List& items) {
  return Value(items);
}

}  // namespace

TEST_CASE("steps are seen at once, and their last value stands in the cell") {
  JobOfSeries job;
  job.step(0, {{"loss", 0.5}});
  CHECK(job.loss(1) == list({0.5}));
  job.step(0, {{"loss", 0.25}});
  job.step(0, {{"loss", Value::List{1, std::nan("")}}});
  CHECK(job.loss(1) == list({0.5, 0.25, 1, std::nan("")}));
  job.step(0, {{"loss", 7}});
  job.end(0, RunEnd::complete, {{"best", 3}});
  CHECK(job.loss(1) == list({0.5, 0.25, 1, std::nan(""), 7}));
  job.recorder->snapshot({}, 'F');
  CHECK(job.cell("loss") == "7");
  CHECK(job.cell("best") == "3");
  CHECK(job.loss(1) == list({0.5, 0.25, 1, std::nan(""), 7}));
  job.recorder->close_journals();
  job.recorder->compact_series();
  CHECK(fs::exists(base::paths::series(job.path)));
  CHECK(job.loss(1) == list({0.5, 0.25, 1, std::nan(""), 7}));
}

TEST_CASE("every state that a kill leaves tells every step once") {
  JobOfSeries job;
  Value::List expected;
  const auto report = [&](int from, int count) {
    for (int i = from; i < from + count; ++i) {
      job.step(0, {{"loss", i + 0.5}});
      expected.emplace_back(i + 0.5);
    }
  };
  report(0, 3);
  job.recorder->snapshot({{0, {}}}, 'R');
  report(3, 2);
  const auto before = job.files();
  job.recorder->snapshot({{0, {}}}, 'R');
  const auto after = job.files();
  const auto segment = base::paths::series_segment(job.path, 2, 2);
  REQUIRE(after.contains(segment));
  // Between the segment and the log:
  job.put_back(before);
  CHECK(job.loss(1) == list(expected));
  // Between the log and the journal:
  job.put_back(after);
  job.put_back(before, base::paths::journal(job.path));
  CHECK(job.loss(1) == list(expected));
  // Before the segment:
  job.put_back(before);
  fs::remove(segment);
  CHECK(job.loss(1) == list(expected));
  // And whatever was left, the next job goes on with it.
  job.put_back(before);
  job.begin();
  CHECK(job.loss(1) == list(expected));
  job.step(0, {{"loss", 9}}, true);
  expected.emplace_back(9);
  CHECK(job.loss(1) == list(expected));
  CHECK(job.recorder->earlier_metrics(0).find("loss")->list().size() >= 5);
}

TEST_CASE("a run that goes on gets its whole series, one that starts anew replaces it") {
  JobOfSeries job;
  job.step(0, {{"loss", 1}});
  job.step(0, {{"loss", 2}});
  job.end(0, RunEnd::failed);
  job.step(1, {{"loss", 5}});
  job.end(1, RunEnd::failed);
  job.recorder->snapshot({}, 'F');
  job.recorder->close_journals();
  job.begin();
  CHECK(*job.recorder->earlier_metrics(0).find("loss") == list({1, 2}));
  job.step(0, {{"loss", 3}}, true);
  CHECK(job.loss(1) == list({1, 2, 3}));
  job.step(1, {{"loss", 7.5}});
  CHECK(job.loss(2) == list({7.5}));
  job.end(0, RunEnd::complete, {}, true);
  job.end(1);
  for (int round = 0; round < 2; ++round) {
    CHECK(job.loss(1) == list({1, 2, 3}));
    CHECK(job.loss(2) == list({7.5}));
    job.recorder->snapshot({}, 'F');
  }
}

TEST_CASE("a run that is tried again in the same job gets its whole series") {
  JobOfSeries job;
  job.begin(true);
  job.step(0, {{"loss", 1}});
  job.recorder->snapshot({{0, {}}}, 'R');
  job.step(0, {{"loss", 2}});
  job.end(0, RunEnd::failed);
  CHECK(*job.recorder->earlier_metrics(0).find("loss") == list({1, 2}));
  job.step(0, {{"loss", 3}}, true);
  job.end(0, RunEnd::complete, {}, true);
  CHECK(job.loss(1) == list({1, 2, 3}));
  job.recorder->snapshot({}, 'F');
  CHECK(job.loss(1) == list({1, 2, 3}));
}

TEST_CASE("a rerun without the metric leaves no series") {
  JobOfSeries job;
  job.step(0, {{"loss", 1}});
  job.end(0, RunEnd::failed);
  job.recorder->snapshot({}, 'F');
  job.begin();
  job.end(0, RunEnd::complete, {{"acc", 1}});
  CHECK(job.loss(1).is_null());
  job.recorder->snapshot({}, 'F');
  CHECK(job.loss(1).is_null());
  job.recorder->close_journals();
  job.recorder->compact_series();
  CHECK(job.loss(1).is_null());
}

TEST_CASE("a series that gets what is no number stands in its cell") {
  JobOfSeries job;
  job.step(0, {{"loss", 1}});
  job.recorder->snapshot({{0, {}}}, 'R');
  job.step(0, {{"loss", 2}});
  job.step(0, {{"loss", Value()}});
  job.step(0, {{"loss", 3}});
  CHECK(job.loss(1) == list({1, 2, Value(), 3}));
  job.end(0);
  CHECK(job.loss(1) == list({1, 2, Value(), 3}));
  job.recorder->snapshot({}, 'F');
  CHECK(job.cell("loss") == "[1, 2, None, 3]");
  CHECK(job.loss(1) == list({1, 2, Value(), 3}));
}

TEST_CASE("what a run returns takes the place of its series") {
  JobOfSeries job;
  job.step(0, {{"loss", 1}});
  job.step(0, {{"loss", 2}});
  job.end(0, RunEnd::complete, {{"loss", Value::List{8.5, 9.5, 10.5}}});
  CHECK(job.loss(1) == list({8.5, 9.5, 10.5}));
  job.step(1, {{"loss", 1}});
  job.end(1, RunEnd::complete, {{"loss", 4}});
  CHECK(job.loss(2) == Value(4));
  job.end(2, RunEnd::complete, {{"loss", Value::List{1, 2}}});
  CHECK(job.loss(3) == list({1, 2}));
  job.recorder->snapshot({}, 'F');
  CHECK(job.loss(1) == list({8.5, 9.5, 10.5}));
  CHECK(job.loss(2) == Value(4));
  CHECK(job.loss(3) == list({1, 2}));
}

TEST_CASE("a run that goes on and reports nothing keeps what it had reported") {
  JobOfSeries job;
  job.begin(true);
  job.step(0, {{"loss", 0.5}});
  job.step(0, {{"loss", 0.25}});
  job.end(0, RunEnd::failed);
  job.end(0, RunEnd::complete, {{"best", 3}}, true);
  CHECK(job.loss(1) == list({0.5, 0.25}));
  job.recorder->snapshot({}, 'R');
  CHECK(job.loss(1) == list({0.5, 0.25}));
}

TEST_CASE("what another job's run left is in the journal before the run goes on") {
  for (const bool with_numbers : {true, false}) {
    JobOfSeries other;
    other.step(0, {{"loss", 0.5}});
    other.step(0, {{"loss", 0.25}});
    other.end(0, RunEnd::failed);
    const auto left = record::series_of(record::read_log(other.path).log);
    REQUIRE(left);
    JobOfSeries job;
    Earlier earlier;
    earlier.metrics = with_numbers ? Metrics{{"loss", 0.25}} : Metrics{{"loss", list({0.5, 0.25})}};
    if (with_numbers) earlier.series = left;
    job.recorder->learn(0, earlier, false);
    job.recorder->flush();
    CHECK(job.loss(1) == list({0.5, 0.25}));  // as after a kill
    CHECK(job.recorder->earlier_metrics(0) == Metrics{{"loss", list({0.5, 0.25})}});
    job.step(0, {{"loss", 0.125}}, true);
    CHECK(job.loss(1) == list({0.5, 0.25, 0.125}));
    job.recorder->snapshot({{0, Micros(1)}}, 'R');
    CHECK(job.loss(1) == list({0.5, 0.25, 0.125}));
    job.step(0, {{"loss", 1}});
    job.end(0);
    CHECK(job.loss(1) == list({0.5, 0.25, 0.125, 1}));
    job.begin();
    CHECK(job.loss(1) == list({0.5, 0.25, 0.125, 1}));
  }
}

TEST_CASE("values that replace take the place of a series in HDF5, too") {
  JobOfSeries job;
  job.step(0, {{"loss", Value::List{1, 2}}}, false, true);
  job.step(0, {{"loss", Value::List{1, 2, 3}}}, false, true);
  job.step(0, {{"loss", 4}});
  CHECK(job.loss(1) == list({1, 2, 3, 4}));
  job.recorder->snapshot({{0, {}}}, 'R');
  job.step(0, {{"loss", Value::List{9}}}, false, true);
  CHECK(job.loss(1) == list({9}));
  job.end(0);
  job.recorder->snapshot({}, 'F');
  CHECK(job.loss(1) == list({9}));
}
