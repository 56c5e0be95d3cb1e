// Runs one scenario of a sweep under mpirun and checks on rank 0 what came of it.
//   mpirun -n RANKS mpi_sweep SCENARIO FOLDER
// Every rank leaves with 0 when all is as it should be.

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "malet/malet.hpp"

namespace {

namespace fs = std::filesystem;

int failures = 0;

void check(bool holds, const std::string& what) {
  if (holds) return;
  ++failures;
  std::fprintf(stderr, "FAILED: %s\n", what.c_str());
}

int this_rank() {
  const char* text = std::getenv("OMPI_COMM_WORLD_RANK");
  return text == nullptr ? 0 : std::atoi(text);
}

int rank_count() {
  const char* text = std::getenv("OMPI_COMM_WORLD_SIZE");
  return text == nullptr ? 1 : std::atoi(text);
}

/// Leaves a mark for a config, and throws when there is one: nothing may run twice.
void mark_once(const fs::path& folder, std::int64_t seed) {
  const auto mark = folder / "marks" / std::to_string(seed);
  const int file = ::open(mark.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (file < 0) throw std::runtime_error("ran twice");
  const std::string rank = std::to_string(this_rank());
  if (::write(file, rank.data(), rank.size()) < 0) throw std::runtime_error("no mark");
  ::close(file);
}

void prepare(const fs::path& folder, int configs) {
  fs::remove_all(folder);
  fs::create_directories(folder / "marks");
  std::ofstream(folder / "exp_config.yaml")
      << "model: test\ngrid:\n  lr: [0.1, 0.01]\n  seed: [i;0:1:" << configs / 2 << "]\n";
}

std::int64_t number_of(const malet::Config& config) {
  return config.get<int>("seed") * 2 + (config.get<double>("lr") < 0.05 ? 1 : 0);
}

/// All rows of all logs of the folder: number -> status. A config with two rows is a failure.
std::map<std::int64_t, std::string> rows_of(const fs::path& folder) {
  std::map<std::int64_t, std::string> rows;
  const auto read = [&](const fs::path& file) {
    const auto log = malet::ExperimentLog::from_tsv(file);
    const auto table = log.df();
    for (std::size_t row = 0; row < table.size(); ++row) {
      const malet::Config config(table.configs(row));
      check(rows.emplace(number_of(config), table.text(row, "status")).second,
            "one row per config in " + file.string());
      if (table.text(row, "status") != "C") continue;
      check(table.value(row, "result").integer() == 3 * number_of(config), "the right result");
    }
  };
  if (fs::exists(folder / "log.tsv")) read(folder / "log.tsv");
  if (fs::exists(folder / "log_splits")) {
    for (const auto& entry : fs::directory_iterator(folder / "log_splits")) read(entry.path());
  }
  return rows;
}

std::uint64_t count(const std::map<std::int64_t, std::string>& rows, const std::string& status) {
  std::uint64_t found = 0;
  for (const auto& [number, text] : rows) {
    if (text == status) ++found;
  }
  return found;
}

struct Scenario {
  int configs = 200;
  malet::ExperimentOptions options;
  std::function<void(const fs::path&)> before;  // on rank 0
  malet::ExpFunction function;
  std::function<void(const fs::path&, const malet::RunReport&)> after;  // on rank 0
  malet::ExitCode exit_code = malet::ExitCode::complete;
};

Scenario plain(const fs::path& folder) {
  Scenario scenario;
  scenario.function = [folder](const malet::Config& config, malet::Run&) -> malet::Metrics {
    mark_once(folder, number_of(config));
    return {{"result", 3 * number_of(config)}};
  };
  scenario.after = [](const fs::path& at, const malet::RunReport& report) {
    const auto rows = rows_of(at);
    check(rows.size() == report.counts.total, "a row for every config");
    check(count(rows, "C") == report.counts.total, "every config complete");
    check(report.counts.completed == report.counts.total, "counts of the report");
  };
  return scenario;
}

Scenario make_scenario(const std::string& name, const fs::path& folder) {
  Scenario scenario = plain(folder);
  if (name == "static") {
    scenario.options.pace.schedule = malet::Schedule::fixed;
    const auto base = scenario.after;
    scenario.after = [base](const fs::path& at, const malet::RunReport& report) {
      base(at, report);
      const auto workers = static_cast<std::size_t>(std::max(rank_count() - 1, 1));
      check(report.logs.size() == workers, "one split log per worker");
      for (std::size_t i = 0; i < workers; ++i) {
        check(fs::exists(at / "log_splits" / ("split_" + std::to_string(i) + ".tsv")), "split log");
      }
    };
  } else if (name == "throws") {
    const auto base = scenario.function;
    scenario.function = [base](const malet::Config& config, malet::Run& run) {
      auto metrics = base(config, run);
      if (number_of(config) % 10 == 3) throw std::runtime_error("tenth config");
      if (number_of(config) % 10 == 5) throw 42;  // NOLINT: whatever a user may throw
      return metrics;
    };
    scenario.exit_code = malet::ExitCode::some_failed;
    scenario.after = [](const fs::path& at, const malet::RunReport& report) {
      const auto rows = rows_of(at);
      check(count(rows, "C") == 160 && count(rows, "F") == 40, "160 C and 40 F rows");
      check(report.counts.failed == 40, "40 failed in the report");
    };
  } else if (name == "few") {
    scenario.configs = 2;
  } else if (name == "work") {
    scenario.options.devices.rank0 = malet::Rank0::work;
    const auto base = scenario.function;
    scenario.function = [base](const malet::Config& config, malet::Run& run) {
      ::usleep(2000);
      return base(config, run);
    };
    const auto after = scenario.after;
    scenario.after = [after](const fs::path& at, const malet::RunReport& report) {
      after(at, report);
      std::set<std::string> ranks;
      for (const auto& entry : fs::directory_iterator(at / "marks")) {
        std::string rank;
        std::ifstream(entry.path()) >> rank;
        ranks.insert(rank);
      }
      check(ranks.size() == static_cast<std::size_t>(rank_count()), "every rank ran something");
    };
  } else if (name == "nothing") {
    // As if an earlier job had completed everything.
    scenario.before = [](const fs::path& at) {
      auto log = malet::ExperimentLog::from_config_iter(malet::ConfigIter(at / "exp_config.yaml"),
                                                        malet::Experiment::infos(), at / "log.tsv");
      for (const auto& config : malet::ConfigIter(at / "exp_config.yaml")) {
        log.add_result(config, {{"status", "C"}, {"result", 3 * number_of(config)}});
      }
      log.to_tsv();
    };
    scenario.function = [](const malet::Config&, malet::Run&) -> malet::Metrics {
      throw std::runtime_error("ran although complete");
    };
  } else if (name == "series") {
    scenario.function = [folder](const malet::Config& config, malet::Run& run) -> malet::Metrics {
      mark_once(folder, number_of(config));
      for (int step = 0; step < 5; ++step) run.report({{"loss", 1.0 / (step + 1)}});
      return {{"result", 3 * number_of(config)}};
    };
    const auto base = scenario.after;
    scenario.after = [base](const fs::path& at, const malet::RunReport& report) {
      base(at, report);
      const auto log = malet::ExperimentLog::from_tsv(at / "log.tsv");
      for (std::size_t row = 0; row < log.size(); ++row) {
        check(log.df().text(row, "loss") == "[1.0, 0.5, 0.3333333333333333, 0.25, 0.2]", "series");
      }
    };
  } else {
    check(name == "dynamic", "a known scenario");
  }
  return scenario;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const fs::path folder = argv[2];
  Scenario scenario = make_scenario(argv[1], folder);
  if (this_rank() == 0) {
    prepare(folder, scenario.configs);
    if (scenario.before) scenario.before(folder);
  }
  malet::Experiment experiment(folder, scenario.function, scenario.options);
  const malet::RunReport report = experiment.run();
  check(report.exit_code == scenario.exit_code, "the exit code, on every rank");
  if (this_rank() == 0) scenario.after(folder, report);
  return failures == 0 ? 0 : 1;
}
