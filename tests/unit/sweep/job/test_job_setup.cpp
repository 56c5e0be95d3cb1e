#include <map>

#include "catch.hpp"
#include "sweep/job/job_setup.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

/// A folder of four configs: complete, failed, interrupted and never run.
class SetupBench {
 public:
  SetupBench() {
    folder.write("exp_config.yaml", "grid: {a: [0, 1, 2, 3]}");
    Experiment experiment(folder.path(), [](const Config&, Run&) { return Metrics(); });
    experiment.update_log(Config{{"a", 0}}, {{"loss", 1}}, "C");
    experiment.update_log(Config{{"a", 1}}, {{"loss", 2}}, "F");
    experiment.update_log(Config{{"a", 2}}, {{"loss", 3}}, "R");
  }

  void add_attempts(const std::string& log, int a, int count) {
    for (int i = 0; i < count; ++i) {
      lines_[log] += "{\"run_id\": \"" + Config{{"a", a}}.run_id() + "\", \"attempt\": 1}\n";
    }
    folder.write(log + ".attempts.jsonl", lines_[log]);
  }
  JobSetup setup(bool rerun_failed = true) const {
    const Folder opened = open_folder(folder.path());
    return make_setup(opened, make_scope(opened.configs, {}), rerun_failed);
  }

  TempFolder folder;

 private:
  std::map<std::string, std::string> lines_;
};

}  // namespace

TEST_CASE("what runs again brings what was left, and its attempts so far") {
  SetupBench bench;
  bench.add_attempts("log.tsv", 0, 1);
  bench.add_attempts("log.tsv", 1, 3);
  const JobSetup setup = bench.setup();
  CHECK(setup.counts.completed == 1);
  CHECK(setup.counts.pending == 3);
  CHECK(setup.known.failed == std::vector<std::uint64_t>{1});
  CHECK(setup.known.interrupted == std::vector<std::uint64_t>{2});
  REQUIRE(setup.earlier.size() == 2);
  CHECK(setup.earlier.at(1).attempts == 3);
  CHECK(*setup.earlier.at(1).metrics.find("loss") == Value(2));
  CHECK(*setup.earlier.at(1).info.find("status") == Value("F"));
  // A row without a line tells of one attempt.
  CHECK(setup.earlier.at(2).attempts == 1);
}

TEST_CASE("attempts count over all logs of the folder") {
  SetupBench bench;
  std::filesystem::create_directory(bench.folder.path() / "log_splits");
  std::filesystem::copy_file(bench.folder.path() / "log.tsv",
                             bench.folder.path() / "log_splits" / "split_0.tsv");
  bench.add_attempts("log.tsv", 2, 1);
  bench.add_attempts("log_splits/split_0.tsv", 2, 4);
  CHECK(bench.setup().earlier.at(2).attempts == 6);
}

TEST_CASE("failed configs that do not run again are only counted") {
  SetupBench bench;
  bench.add_attempts("log.tsv", 1, 2);
  const JobSetup setup = bench.setup(false);
  CHECK(setup.counts.failed == 1);
  CHECK(setup.counts.pending == 2);
  CHECK(setup.earlier.count(1) == 0);
}
