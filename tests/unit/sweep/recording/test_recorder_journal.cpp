#include "catch.hpp"
#include "file_size_limit.hpp"
#include "malet/error.hpp"
#include "malet/experiment.hpp"
#include "record/log/log_file.hpp"
#include "sweep/recording/recorder.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::FileSizeLimit;
using malet::test::TempFolder;

namespace {

const auto four_configs = ConfigIter::from_text("grid: {lr: [1, 2, 3, 4]}");

/// A job that may be killed at any moment.
class JournaledJob {
 public:
  explicit JournaledJob(std::unordered_map<std::uint64_t, Earlier> earlier = {})
      : recorder(logs(), std::move(earlier), true) {
    recorder.adopt([](auto&&...) { return false; });
    recorder.snapshot({}, 'R');
    recorder.begin_journals(Sync::never);
  }

  void step(std::uint64_t index, Metrics metrics, bool keeps = false, bool replaces = false) {
    RunRecord record;
    record.is_step = true;
    record.index = index;
    record.metrics = std::move(metrics);
    record.keeps_series = keeps;
    record.replaces = replaces;
    recorder.take(record);
    recorder.flush();
  }
  void end(std::uint64_t index, Metrics metrics = {}, RunEnd how = RunEnd::complete) {
    RunRecord record;
    record.index = index;
    record.end = how;
    record.metrics = std::move(metrics);
    recorder.take(record);
    recorder.flush();
  }
  /// What the next job finds.
  ExperimentLog killed() const { return record::read_log(folder.path() / "log.tsv").log; }
  std::string cell(std::size_t row, const std::string& column) const {
    return killed().df().text(row, column);
  }

  TempFolder folder;
  Recorder recorder;

 private:
  std::vector<LogWriter> logs() const {
    std::vector<LogWriter> writers;
    writers.emplace_back(ExperimentLog::from_config_iter(four_configs, Experiment::infos(),
                                                         folder.path() / "log.tsv"),
                         std::vector<std::uint64_t>(), four_configs, "abc");
    writers.back().mark_changed();
    return writers;
  }
};

}  // namespace

TEST_CASE("what was taken survives a kill") {
  JournaledJob job;
  job.end(2, {{"loss", 0.5}});
  job.end(0, {{"acc", 1}}, RunEnd::failed);
  REQUIRE(job.killed().size() == 2);
  CHECK(job.cell(0, "lr") == "3");
  CHECK(job.cell(0, "loss") == "0.5");
  CHECK(job.cell(0, "commit_hash") == "abc");
  CHECK(job.cell(1, "status") == "F");
  CHECK(job.cell(1, "acc") == "1");
}

TEST_CASE("a killed run keeps the steps it had reported") {
  JournaledJob job;
  job.step(1, {{"loss", 1}});
  job.step(1, {{"loss", 2}, {"acc", 3}});
  CHECK(job.cell(0, "status") == "R");
  CHECK(job.cell(0, "loss") == "[1, 2]");
  CHECK(job.cell(0, "acc") == "[3]");
}

TEST_CASE("a series is in the journal once, and its row has it") {
  JournaledJob job;
  for (int i = 0; i < 100; ++i) job.step(1, {{"loss", 1000000 + i}});
  job.end(1, {{"acc", 1}});
  const std::string journal = job.folder.read("log.tsv.journal");
  CHECK(journal.find("1000050") == journal.rfind("1000050"));
  const auto log = job.killed();
  CHECK(from_cell(log.df().text(0, "loss")).list().size() == 100);
  CHECK(log.df().text(0, "acc") == "1");
}

TEST_CASE("a metric that is returned replaces its series after a kill, too") {
  JournaledJob job;
  job.step(1, {{"loss", 1}, {"acc", 2}});
  job.end(1, {{"loss", 7}});
  CHECK(job.cell(0, "loss") == "7");
  CHECK(job.cell(0, "acc") == "[2]");
}

TEST_CASE("a run that goes on with what an earlier attempt left does so after a kill") {
  JournaledJob job;
  job.step(3, {{"loss", 5}, {"best", 1}});
  job.step(3, {{"loss", 6}});
  job.end(3, {}, RunEnd::failed);
  job.recorder.note_running({{3, Micros(0)}});
  CHECK(job.cell(0, "loss") == "[5, 6]");
  job.step(3, {{"loss", 7}}, true);
  CHECK(job.cell(0, "status") == "R");
  CHECK(job.cell(0, "loss") == "[5, 6, 7]");
  job.end(3, {}, RunEnd::failed);
  CHECK(job.cell(0, "loss") == "[5, 6, 7]");
  CHECK(job.cell(0, "best") == "[1]");
  job.step(3, {{"loss", 1}});
  CHECK(job.cell(0, "loss") == "[1]");
}

TEST_CASE("what another log has of a run is taken into this one, where it goes on") {
  Earlier before;
  before.metrics = {{"loss", Value::List{5, 6}}, {"best", 1}};
  before.info = {{"datetime", "2026-01-02 03:04:05.000006"}};
  JournaledJob job({{3, before}});
  CHECK(job.cell(0, "datetime") == "2026-01-02 03:04:05.000006");
  CHECK(job.cell(0, "status") == "F");
  job.step(3, {{"loss", 7}}, true);
  CHECK(job.cell(0, "loss") == "[5, 6, 7]");
  CHECK(job.cell(0, "best") == "1");
}

TEST_CASE("a run that has not begun after all leaves no row") {
  Earlier before;
  before.metrics = {{"loss", 5}};
  JournaledJob job({{2, before}});
  job.recorder.note_running({{0, Micros(0)}, {1, Micros(0)}, {2, Micros(0)}});
  job.recorder.snapshot({{0, Micros(0)}, {1, Micros(0)}, {2, Micros(0)}}, 'R');
  CHECK(job.killed().size() == 3);
  job.recorder.forget({1, 2, 1});
  job.recorder.snapshot({}, 'F');
  job.recorder.close_journals();
  const auto log = job.killed();
  REQUIRE(log.size() == 2);
  CHECK(log.df().text(0, "lr") == "1");
  CHECK(log.df().text(1, "lr") == "3");
  CHECK(log.df().text(1, "status") == "F");
  CHECK(log.df().text(1, "loss") == "5");
}

TEST_CASE("a run that was put off and then ran has one row") {
  JournaledJob job;
  job.recorder.snapshot({{1, Micros(0)}}, 'R');
  job.recorder.forget({1, 1, 1});
  job.end(1, {{"loss", 1}});
  job.recorder.snapshot({}, 'F');
  REQUIRE(job.killed().size() == 1);
  CHECK(job.cell(0, "status") == "C");
}

TEST_CASE("who lost the right to write replaces neither log nor journal") {
  JournaledJob job;
  job.end(0, {{"loss", 1}});
  const std::string log = job.folder.read("log.tsv");
  const std::string journal = job.folder.read("log.tsv.journal");
  bool lost = false;
  job.recorder.set_guard([&lost] {
    if (lost) throw Error(ErrorKind::refused, "lost");
  });
  job.recorder.begin_snapshot({});
  lost = true;
  const auto end = [&] {
    while (!job.recorder.end_snapshot()) {
    }
  };
  CHECK_THROWS_AS(end(), Error);
  CHECK_THROWS_AS(job.recorder.snapshot({}, 'F'), Error);
  CHECK(job.folder.read("log.tsv.journal") == journal);
  CHECK((job.folder.read("log.tsv") == log || job.killed().size() == 1));
}

TEST_CASE("values that replace do so after a kill") {
  JournaledJob job;
  job.step(0, {{"loss", Value::List{1, 2}}}, false, true);
  job.step(0, {{"loss", Value::List{1, 2, 3}}}, true, true);
  job.step(0, {{"loss", 4}});
  CHECK(job.cell(0, "loss") == "[1, 2, 3, 4]");
}

TEST_CASE("what comes while a snapshot is written is kept, wherever the job is killed") {
  JournaledJob job;
  job.step(0, {{"loss", 1}});
  job.step(1, {{"loss", 10}});
  job.end(2, {{"acc", 1}});
  job.recorder.begin_snapshot({{0, Micros(0)}, {1, Micros(0)}});
  job.step(0, {{"loss", 2}});
  job.step(1, {{"loss", 11}});
  job.end(1, {{"new", 5}});
  const auto check = [&] {
    const auto log = job.killed();
    CHECK(log.size() == 3);
    for (std::size_t row = 0; row < log.size(); ++row) {
      const std::string lr = log.df().text(row, "lr");
      if (lr == "1") CHECK(log.df().text(row, "loss") == "[1, 2]");
      if (lr == "2") CHECK(log.df().text(row, "loss") == "[10, 11]");
      if (lr == "2") CHECK(log.df().text(row, "new") == "5");
      if (lr == "3") CHECK(log.df().text(row, "status") == "C");
    }
  };
  check();
  while (!job.recorder.end_snapshot()) {
    check();  // the log may be new and the journal old
  }
  check();
  CHECK_FALSE(job.recorder.is_saving());
  job.step(0, {{"newer", 6}});
  job.end(0, {{"newest", 7}});
  const auto log = job.killed();
  CHECK(log.df().text(0, "loss") == "[1, 2]");
  CHECK(log.df().text(0, "newer") == "[6]");
  CHECK(log.df().text(0, "newest") == "7");
}

TEST_CASE("the journal goes when the last snapshot tells everything") {
  JournaledJob job;
  job.step(0, {{"loss", 1}});
  job.recorder.snapshot({{0, Micros(0)}}, 'F');
  job.recorder.close_journals();
  CHECK(job.folder.files() == std::vector<std::string>{"log.tsv"});
  CHECK(job.cell(0, "status") == "F");
  CHECK(job.cell(0, "loss") == "[1]");
}

TEST_CASE("a full disk costs nothing once there is room again") {
  JournaledJob job;
  {
    const FileSizeLimit limit(40);
    job.end(0, {{"loss", 1}});
    CHECK_FALSE(job.recorder.journal_warning().empty());
    CHECK(job.killed().size() == 0);
  }
  job.end(1, {{"loss", 2}});
  CHECK(job.recorder.journal_warning().empty());
  CHECK(job.killed().size() == 2);
}

TEST_CASE("a snapshot that could not be written leaves the journal as it is") {
  JournaledJob job;
  job.end(0, {{"loss", 1}});
  {
    const FileSizeLimit limit(40);
    job.recorder.begin_snapshot({});
    std::optional<Recorder::Saved> saved;
    while (!saved) saved = job.recorder.end_snapshot();
    CHECK_FALSE(saved->error.empty());
  }
  job.end(1, {{"loss", 2}});
  CHECK(job.killed().size() == 2);
  job.recorder.snapshot({}, 'F');
  CHECK(job.killed().size() == 2);
}
