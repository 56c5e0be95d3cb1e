// One Experiment object used several times, and by ranks that do not open the folder at once.
#include <cstdlib>
#include <thread>

#include "catch.hpp"
#include "malet/experiment.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::test::TempFolder;

namespace {

constexpr const char* six_seeds = "grid: {seed: [1, 2, 3, 4, 5, 6]}";

/// As if a launcher had started this process as that rank.
class AsRank {
 public:
  explicit AsRank(const char* rank) { ::setenv("PMIX_RANK", rank, 1); }
  AsRank(const AsRank&) = delete;
  AsRank& operator=(const AsRank&) = delete;
  ~AsRank() { ::unsetenv("PMIX_RANK"); }
};

}  // namespace

TEST_CASE("a second run of one object goes on where the first stopped") {
  const TempFolder folder;
  folder.write("exp_config.yaml", six_seeds);
  int runs = 0;
  const auto train = [&](const Config&, Run& run) -> Metrics {
    // Of each job the first run ends, and the second waits for the end of the job.
    if (++runs % 2 == 0) {
      while (!run.should_stop()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return {{"result", 1}};
  };
  ExperimentOptions options;
  options.limits.timeout = std::chrono::seconds(2);  // runs are told to stop after half of it
  Experiment experiment(folder.path(), train, options);
  std::uint64_t completed = 0;
  for (int job = 0; job < 3; ++job) {
    const RunReport report = experiment.run();
    CHECK(report.counts.completed == completed + 1);
    completed = report.counts.completed;
    const auto log = ExperimentLog::from_tsv(folder.path() / "log.tsv");
    std::uint64_t saved = 0;
    for (std::size_t row = 0; row < log.size(); ++row) {
      if (log.df().text(row, "status") == "C") ++saved;
    }
    CHECK(saved == completed);
  }
}

TEST_CASE("what update_log has completed is not run again") {
  const TempFolder folder;
  folder.write("exp_config.yaml", six_seeds);
  int runs = 0;
  const auto train = [&](const Config&, Run&) -> Metrics {
    ++runs;
    return {};
  };
  Experiment experiment(folder.path(), train);
  const Config config = experiment.configs()[2];
  experiment.update_log(config, {{"loss", Value::List{1.0, 0.5}}}, "C");
  const RunReport report = experiment.run();
  CHECK(report.counts.completed == 6);
  CHECK(runs == 5);
  CHECK(experiment.get_metric_info(config).first.find("loss")->list().size() == 2);
}

TEST_CASE("what another process has completed meanwhile is not run again") {
  const TempFolder folder;
  folder.write("exp_config.yaml", six_seeds);
  const auto train = [](const Config&, Run&) -> Metrics { return {{"result", 1}}; };
  const auto never = [](const Config&, Run&) -> Metrics { throw std::runtime_error("ran again"); };
  Experiment experiment(folder.path(), never);
  (void)Experiment(folder.path(), train).run();
  const RunReport report = experiment.run();
  CHECK(report.exit_code == ExitCode::complete);
  CHECK(report.counts.completed == 6);
}

TEST_CASE("a rank other than 0 can read the configs and the log") {
  const TempFolder folder;
  folder.write("exp_config.yaml", six_seeds);
  const auto train = [](const Config&, Run&) -> Metrics { return {{"result", 1}}; };
  (void)Experiment(folder.path(), train).run();
  const AsRank other("1");
  const Experiment experiment(folder.path(), train);
  CHECK(experiment.configs().size() == 6);
  CHECK(experiment.log().size() == 6);
  CHECK(experiment.get_metric_info(experiment.configs()[0]).first.find("result") != nullptr);
}

TEST_CASE("an interrupted run runs again although failed ones are not to") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [1, 2]}");
  ExperimentOptions options;
  options.limits.timeout = std::chrono::seconds(2);
  const auto wait = [](const Config&, Run& run) -> Metrics {
    while (!run.should_stop()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return {};
  };
  RunReport report = Experiment(folder.path(), wait, options).run();
  CHECK(report.exit_code == ExitCode::stopped);
  CHECK(report.counts.running == 1);
  CHECK(report.counts.pending == 1);
  const auto log = ExperimentLog::from_tsv(folder.path() / "log.tsv");
  REQUIRE(log.size() == 1);
  CHECK(log.df().text(0, "status") == "F");

  std::vector<int> order;
  const auto train = [&](const Config& config, Run&) -> Metrics {
    order.push_back(config.get<int>("seed"));
    return {};
  };
  ExperimentOptions again;
  again.pace.rerun_failed = false;
  report = Experiment(folder.path(), train, again).run();
  CHECK(report.exit_code == ExitCode::complete);
  CHECK(order == std::vector<int>{2, 1});
}
