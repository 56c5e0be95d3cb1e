// Which rows of a log belong to which configs.
#include <atomic>
#include <mutex>
#include <set>

#include "catch.hpp"
#include "malet/experiment.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::test::TempFolder;

namespace {

Metrics seed_twice(const Config& config, Run&) {
  return {{"result", 2 * config.get<int>("seed")}};
}

}  // namespace

TEST_CASE("a sweep with unusual text in its static configs is resumed") {
  for (const char* field : {"sep: \"\\n\"", "note: \"a\\_b\\N\"", "note: |+\n  x\n\n",
                            "note: >+\n  x\n\n\n", "note: \"a\u00A0b\"", "note: '\"'"}) {
    CAPTURE(field);
    const TempFolder folder;
    folder.write("exp_config.yaml", std::string(field) + "\ngrid: {seed: [1, 2]}\n");
    (void)Experiment(folder.path(), seed_twice).run();
    CHECK(Experiment(folder.path(), seed_twice).run().logs.empty());
  }
}

TEST_CASE("unusual text in the grid is found again in the log") {
  const TempFolder folder;
  folder.write("exp_config.yaml",
               "grid:\n  seed: 1\n  t: [\"x\\_y\", \"\\N\", \"\\n\", ' a ', \"\\t\", '\"', "
               "\"\\r\", é, \"\\a\"]\n");
  CHECK(Experiment(folder.path(), seed_twice).run().counts.completed == 9);
  CHECK(Experiment(folder.path(), seed_twice).run().logs.empty());
  CHECK(ExperimentLog::from_tsv(folder.path() / "log.tsv").size() == 9);
}

TEST_CASE("a static field with a text that no cell can hold is found in its column") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [1], t: [a]}\n");
  (void)Experiment(folder.path(), seed_twice).run();
  folder.write("exp_config.yaml", "t: \"\\0\"\ngrid: {seed: [1]}\n");
  CHECK(Experiment(folder.path(), seed_twice).run().counts.completed == 1);
  CHECK(Experiment(folder.path(), seed_twice).run().logs.empty());
}

TEST_CASE("a repeated config runs once") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {lr: [0.1, 0.1, 0.2], seed: [1]}");
  std::atomic<int> runs = 0;
  const auto train = [&](const Config&, Run&) -> Metrics {
    ++runs;
    return {};
  };
  const RunReport report = Experiment(folder.path(), train).run();
  CHECK(runs == 2);
  CHECK(report.counts.total == 2);
  CHECK(ExperimentLog::from_tsv(folder.path() / "log.tsv").size() == 2);
}

TEST_CASE("a field that moves between static and grid keeps its rows") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "model: m\nlr: 0.1\ngrid: {seed: [1, 2]}");
  (void)Experiment(folder.path(), seed_twice).run();
  folder.write("exp_config.yaml", "model: m\ngrid: {lr: [0.1, 0.2], seed: [1, 2]}");
  RunReport report = Experiment(folder.path(), seed_twice).run();
  CHECK(report.counts.total == 4);
  CHECK(ExperimentLog::from_tsv(folder.path() / "log.tsv").size() == 4);
  // And back: the log keeps lr as a column, the rows of 0.2 stay.
  folder.write("exp_config.yaml", "model: m\nlr: 0.1\ngrid: {seed: [1, 2, 3]}");
  report = Experiment(folder.path(), seed_twice).run();
  CHECK(report.counts.total == 3);
  CHECK(report.counts.completed == 3);
  const auto log = ExperimentLog::from_tsv(folder.path() / "log.tsv");
  CHECK(log.size() == 5);
  CHECK(log.df().text(2, "lr") == "0.1");
  CHECK(log.df().text(2, "seed") == "3");
  // The row of the new seed is recognised.
  CHECK(Experiment(folder.path(), seed_twice).run().logs.empty());
}

TEST_CASE("a log of another experiment is refused and left as it is") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "model: m\ngrid: {seed: [1, 2]}");
  (void)Experiment(folder.path(), seed_twice).run();
  const std::string before = folder.read("log.tsv");
  folder.write("exp_config.yaml", "model: other\ngrid: {seed: [1, 2]}");
  CHECK_THROWS_WITH(Experiment(folder.path(), seed_twice),
                    ContainsSubstring("model") && ContainsSubstring("other"));
  folder.write("exp_config.yaml", "model: m\nnew: 1\ngrid: {seed: [1, 2]}");
  CHECK_THROWS_WITH(Experiment(folder.path(), seed_twice),
                    ContainsSubstring("new") && ContainsSubstring("malet-mpi merge"));
  CHECK(folder.read("log.tsv") == before);
}

TEST_CASE("configs of a sub-grid that lacks a field are updated and found") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: [{a: [1], b: [3]}, {a: [5]}]\n");
  Experiment experiment(folder.path(), seed_twice);
  for (const Config config : experiment.configs()) {
    experiment.update_log(config, {{"loss", config.get<int>("a")}}, "C");
    CHECK(experiment.log().isin(config));
    CHECK(*experiment.get_metric_info(config).first.find("loss") == config["a"]);
  }
  CHECK(Experiment(folder.path(), seed_twice).run().logs.empty());
}
