// Opens a finished log and finds that nothing is left to run.
//   bench_open_log make FOLDER ROWS     writes the experiment
//   bench_open_log parse FOLDER         reads log.tsv
//   bench_open_log resume FOLDER        opens the experiment and runs it

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "malet/malet.hpp"
#include "resources.hpp"

namespace {

namespace fs = std::filesystem;

void make(const fs::path& folder, int rows) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "exp_config.yaml")
      << "model: ResNet32\ndataset: cifar10\ngrid:\n  optimizer: [sgd, adam]\n"
      << "  lr: [0.1, 0.01, 0.001, 0.0001, 0.00001]\n  seed: [i;0:1:" << rows / 10 << "]\n";
  const malet::ConfigIter configs(folder / "exp_config.yaml");
  auto columns = malet::Experiment::infos();
  columns.insert(columns.end(), {"train_loss", "val_loss", "val_accuracy", "steps"});
  auto log = malet::ExperimentLog::from_config_iter(configs, columns, folder / "log.tsv");
  for (std::uint64_t i = 0; i < configs.size(); ++i) {
    const double x = 1.0 / (static_cast<double>(i) + 3.0);
    log.add_result(configs[i], {{"datetime", "2026-01-02 03:04:05.000006"},
                                {"duration", "0 days 00:01:00.000005"},
                                {"commit_hash", "0123456789abcdef0123456789abcdef01234567"},
                                {"status", "C"},
                                {"train_loss", malet::Value::List{x, x / 2, x / 3}},
                                {"val_loss", x * 1.1},
                                {"val_accuracy", 1 - x},
                                {"steps", 100}});
  }
  log.to_tsv();
}

malet::Metrics must_not_run(const malet::Config&, malet::Run&) {
  std::abort();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const std::string what = argv[1];
  const fs::path folder = argv[2];
  if (what == "make") {
    make(folder, std::atoi(argv[3]));
    return 0;
  }
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t rows = 0;
  if (what == "parse") {
    rows = malet::ExperimentLog::from_tsv(folder / "log.tsv").size();
  } else {
    rows = malet::Experiment(folder, must_not_run).run().counts.completed;
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  fmt::print("{{\"rows\": {}, \"seconds\": {}, \"bytes\": {}, \"peak_mib\": {:.1f}}}\n", rows,
             elapsed.count(), fs::file_size(folder / "log.tsv"),
             malet::bench::resources().peak_mib);
  return 0;
}
