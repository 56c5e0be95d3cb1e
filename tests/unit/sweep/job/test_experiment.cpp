#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "catch.hpp"
#include "malet/experiment.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::test::TempFolder;

namespace {

constexpr const char* grid_of_six =
    "model: m\n"
    "grid:\n"
    "  lr: [0.1, 0.2, 0.3]\n"
    "  seed: [1, 2]\n";

Metrics twice_the_seed(const Config& config, Run&) {
  return {{"result", 2 * config.get<int>("seed")}};
}

/// Rows of a log file by (lr, seed), as status and a metric's text.
std::vector<std::string> rows(const std::filesystem::path& file, const std::string& metric) {
  const auto log = ExperimentLog::from_tsv(file);
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < log.size(); ++row) {
    texts.push_back(log.df().text(row, "lr") + " " + log.df().text(row, "seed") + " " +
                    log.df().text(row, "status") + " " + log.df().text(row, metric));
  }
  return texts;
}

}  // namespace

TEST_CASE("a sweep runs every config and writes its log in grid order") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  Experiment experiment(folder.path(), twice_the_seed, {.devices = {.jobs = 3}});
  const RunReport report = experiment.run();
  CHECK(report.exit_code == ExitCode::complete);
  CHECK(report.counts.total == 6);
  CHECK(report.counts.completed == 6);
  CHECK(rows(folder.path() / "log.tsv", "result") ==
        std::vector<std::string>{"0.1 1 C 2", "0.1 2 C 4", "0.2 1 C 2", "0.2 2 C 4", "0.3 1 C 2",
                                 "0.3 2 C 4"});
  CHECK(experiment.log().size() == 6);
}

TEST_CASE("a second run does nothing and leaves the log as it is") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  (void)Experiment(folder.path(), twice_the_seed).run();
  const std::string before = folder.read("log.tsv");
  const auto never = [](const Config&, Run&) -> Metrics { throw std::runtime_error("ran again"); };
  const RunReport report = Experiment(folder.path(), never).run();
  CHECK(report.exit_code == ExitCode::complete);
  CHECK(report.logs.empty());
  CHECK(folder.read("log.tsv") == before);
}

TEST_CASE("a run that throws is a failed row, and runs again in the next job") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  bool broken = true;
  const auto function = [&](const Config& config, Run&) -> Metrics {
    if (broken && config.get<double>("lr") == 0.2) throw std::runtime_error("diverged");
    return {{"result", 1}};
  };
  std::string last_error;
  ExperimentOptions options;
  options.on_progress = [&](const Progress& progress) { last_error = progress.last_error; };
  RunReport report = Experiment(folder.path(), function, options).run();
  CHECK(report.exit_code == ExitCode::some_failed);
  CHECK(report.counts.failed == 2);
  CHECK(last_error == "diverged");
  CHECK(rows(folder.path() / "log.tsv", "result")[2] == "0.2 1 F ");

  SECTION("unless failed ones are not to run again") {
    options.pace.rerun_failed = false;
    report = Experiment(folder.path(), function, options).run();
    CHECK(report.exit_code == ExitCode::some_failed);
    CHECK(report.counts.completed == 4);
  }
  SECTION("in its old row") {
    broken = false;
    report = Experiment(folder.path(), function, options).run();
    CHECK(report.exit_code == ExitCode::complete);
    CHECK(rows(folder.path() / "log.tsv", "result")[2] == "0.2 1 C 1");
    CHECK(ExperimentLog::from_tsv(folder.path() / "log.tsv").size() == 6);
  }
}

TEST_CASE("a run that is told to stop resumes with its steps in the next job") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {lr: [0.1], seed: [1]}");
  ExperimentOptions options;
  options.limits.timeout = std::chrono::seconds(2);
  const auto train = [](const Config&, Run& run) -> Metrics {
    for (auto step = run.next_step(); step < 6; ++step) {
      run.report({{"loss", 10 - step}});
      if (step == 2 && run.resume().empty()) {
        while (!run.should_stop()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      if (run.should_stop()) return {{"partial", true}};
    }
    return {{"accuracy", 0.5}};
  };
  RunReport report = Experiment(folder.path(), train, options).run();
  CHECK(report.exit_code == ExitCode::stopped);
  CHECK_FALSE(report.abandoned);
  CHECK(rows(folder.path() / "log.tsv", "loss") == std::vector<std::string>{"0.1 1 F [10, 9, 8]"});
  report = Experiment(folder.path(), train).run();
  CHECK(report.exit_code == ExitCode::complete);
  CHECK(rows(folder.path() / "log.tsv", "loss") ==
        std::vector<std::string>{"0.1 1 C [10, 9, 8, 7, 6, 5]"});
}

TEST_CASE("series start anew when a rerun does not ask for them") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {lr: [0.1], seed: [1]}");
  int attempt = 0;
  const auto train = [&](const Config&, Run& run) -> Metrics {
    ++attempt;
    run.report({{"loss", attempt}});
    run.report({{"loss", attempt * 10}});
    if (attempt == 1) throw std::runtime_error("first attempt");
    return {};
  };
  (void)Experiment(folder.path(), train).run();
  CHECK(rows(folder.path() / "log.tsv", "loss")[0] == "0.1 1 F [1, 10]");
  (void)Experiment(folder.path(), train).run();
  CHECK(rows(folder.path() / "log.tsv", "loss")[0] == "0.1 1 C [2, 20]");
}

TEST_CASE("a returned metric replaces the series of its name") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {lr: [0.1], seed: [1]}");
  const auto train = [](const Config&, Run& run) -> Metrics {
    run.report({{"loss", 1}, {"acc", 2}});
    return {{"loss", 0.5}};
  };
  (void)Experiment(folder.path(), train).run();
  CHECK(rows(folder.path() / "log.tsv", "loss")[0] == "0.1 1 C 0.5");
  CHECK(rows(folder.path() / "log.tsv", "acc")[0] == "0.1 1 C [2]");
}

TEST_CASE("a metric that cannot be a column makes the run failed, with a reason") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  const std::vector<std::pair<std::string, std::string>> cases{
      {"lr", "'lr' has the name of a config field"},
      {"model", "'model' has the name of a config field"},
      {"status", "'status' has the name of an info column"},
      {"id", "'id' is that of the column with the rows' numbers"},
      {"", "'' is empty"},
      {"a\tb", "'a\\tb' holds a tab"},
      {" loss", "' loss' begins or ends with a blank"},
      {"  ", "'  ' begins or ends with a blank"},
      {"a\"b", "'a\"b' holds a quote"},
      {"caf\xE9", "'caf\\xe9' is not UTF-8"}};
  for (const auto& [name, reason] : cases) {
    CAPTURE(name);
    for (const bool in_step : {false, true}) {
      const auto train = [&, &name = name](const Config&, Run& run) -> Metrics {
        if (in_step) run.report({{name, 1}});
        return in_step ? Metrics{{"fine", 2}} : Metrics{{name, 1}, {"fine", 2}};
      };
      std::string last_error;
      ExperimentOptions options;
      options.on_progress = [&](const Progress& progress) { last_error = progress.last_error; };
      const RunReport report = Experiment(folder.path(), train, options).run();
      CHECK(report.exit_code == ExitCode::some_failed);
      CHECK_THAT(last_error, ContainsSubstring("the metric " + reason));
      CHECK(rows(folder.path() / "log.tsv", "fine")[0] == "0.1 1 F 2");
    }
  }
}

TEST_CASE("a static schedule writes one log per slot, and the dynamic one the same rows") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  const RunReport report =
      Experiment(folder.path(), twice_the_seed,
                 {.devices = {.jobs = 4}, .pace = {.schedule = Schedule::fixed}})
          .run();
  CHECK(report.logs.size() == 4);
  CHECK(folder.files("log_splits") ==
        std::vector<std::string>{"split_0.tsv", "split_1.tsv", "split_2.tsv", "split_3.tsv"});
  CHECK(rows(folder.path() / "log_splits/split_1.tsv", "result") ==
        std::vector<std::string>{"0.1 2 C 4", "0.3 2 C 4"});
  // What any log of the folder has complete is not run again.
  CHECK(Experiment(folder.path(), twice_the_seed).run().logs.empty());
}

TEST_CASE("a split runs its share into its own log") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  RunReport report =
      Experiment(folder.path(), twice_the_seed, {.splits = {.total = "4", .current = "2"}}).run();
  CHECK(report.counts.total == 1);
  CHECK(rows(folder.path() / "log_splits/split_2.tsv", "result").size() == 1);
  report =
      Experiment(folder.path(), twice_the_seed, {.splits = {.total = "lr", .current = "0.1 0.30"}})
          .run();
  CHECK(report.counts.total == 4);
  CHECK(rows(folder.path() / "log_splits/split_0.1 0.30.tsv", "result").size() == 4);
}

TEST_CASE("splits that do not exist are errors") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  const auto open = [&](const char* total, const char* current) {
    (void)Experiment(folder.path(), twice_the_seed,
                     {.splits = {.total = total, .current = current}});
  };
  CHECK_THROWS_WITH(open("4", "4"), ContainsSubstring("pass one of 0 to 3"));
  CHECK_THROWS_WITH(open("4", "x"), ContainsSubstring("pass one of 0 to 3"));
  CHECK_THROWS_WITH(open("0", "0"), ContainsSubstring("at least one"));
  CHECK_THROWS_WITH(open("width", "1"), ContainsSubstring("lr, seed"));
  CHECK_THROWS_WITH(open("lr", "0.7"), ContainsSubstring("no value 0.7"));
  CHECK(folder.files() == std::vector<std::string>{"exp_config.yaml"});
}

TEST_CASE("more than a billion configs are refused, in splits they are not") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {a: [i;0:1:10000], b: [i;0:1:10000], c: [i;0:1:100]}");
  CHECK_THROWS_WITH(
      Experiment(folder.path(), twice_the_seed),
      ContainsSubstring("10000000000 configs") && ContainsSubstring("--total-splits"));
  const Experiment split(folder.path(), twice_the_seed, {.splits = {.total = "1000000"}});
  CHECK(split.configs().size() == 10'000);
}

TEST_CASE("a filter keeps the configs that match") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  const RunReport report =
      Experiment(folder.path(), twice_the_seed, {.splits = {.filter = "lr >= 0.2 and seed == 1"}})
          .run();
  CHECK(report.counts.total == 2);
  CHECK(rows(folder.path() / "log.tsv", "result") ==
        std::vector<std::string>{"0.2 1 C 2", "0.3 1 C 2"});
}

TEST_CASE("a folder that cannot be written is told before anything runs") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  folder.write("log_splits", "a file where a folder should be");
  const auto never = [](const Config&, Run&) -> Metrics { std::abort(); };
  CHECK_THROWS_AS(Experiment(folder.path(), never, {.pace = {.schedule = Schedule::fixed}}).run(),
                  Error);
}

TEST_CASE("the run folder is the same on every attempt") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {lr: [0.1], seed: [1]}");
  std::set<std::string> folders;
  const auto train = [&](const Config& config, Run& run) -> Metrics {
    folders.insert(run.dir().string());
    if (folders.size() == 1 && run.resume().empty()) throw std::runtime_error("once");
    CHECK(run.run_id() == config.run_id());
    return {};
  };
  (void)Experiment(folder.path(), train).run();
  (void)Experiment(folder.path(), train).run();
  REQUIRE(folders.size() == 1);
  const std::string id = Config{{"lr", 0.1}, {"seed", 1}}.run_id();
  CHECK(*folders.begin() == (folder.path() / "runs" / id.substr(0, 2) / id).string());
}

TEST_CASE("durations add up over attempts") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {lr: [0.1], seed: [1]}");
  int attempt = 0;
  const auto train = [&](const Config&, Run&) -> Metrics {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    if (++attempt < 3) throw std::runtime_error("again");
    return {};
  };
  for (int i = 0; i < 3; ++i) (void)Experiment(folder.path(), train).run();
  const auto log = ExperimentLog::from_tsv(folder.path() / "log.tsv");
  const std::string duration = log.df().text(0, "duration");
  CHECK(duration >= "0 days 00:00:00.09");
  CHECK(duration < "0 days 00:00:01");
}

TEST_CASE("update_log and get_metric_info work without run") {
  const TempFolder folder;
  folder.write("exp_config.yaml", grid_of_six);
  Experiment experiment(folder.path(), twice_the_seed, {.storage = {.metrics = {"loss"}}});
  const Config config = experiment.configs()[3];
  CHECK(experiment.get_metric_info(config).first.empty());
  experiment.update_log(config, {{"loss", Value::List{1.0, 0.5}}});
  CHECK(rows(folder.path() / "log.tsv", "loss") == std::vector<std::string>{"0.2 2 R [1.0, 0.5]"});
  experiment.update_log(config, {{"acc", 0.9}}, "C");
  const auto [metrics, info] = Experiment(folder.path(), twice_the_seed).get_metric_info(config);
  CHECK(metrics.find("acc")->real() == 0.9);
  CHECK(metrics.find("loss")->list().size() == 2);
  CHECK(info.find("status")->text() == "C");
  CHECK(info.find("datetime") != nullptr);
}

TEST_CASE("paths and name are Malet's") {
  const auto [config, log, figure] = Experiment::get_paths("EXP");
  CHECK(config == "EXP/exp_config.yaml");
  CHECK(log == "EXP/log.tsv");
  CHECK(figure == "EXP/figure");
  CHECK(std::get<1>(Experiment::get_paths("EXP", "3")) == "EXP/log_splits/split_3.tsv");
  const TempFolder folder;
  folder.write("digits/exp_config.yaml", grid_of_six);
  CHECK(Experiment(folder.path() / "digits/", twice_the_seed).name() == "digits");
}
