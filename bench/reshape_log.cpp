// Merges many logs, and brings one log into long form.
//   bench_reshape_log make FOLDER LOGS ROWS    writes LOGS logs of ROWS rows each
//   bench_reshape_log merge FOLDER OUT         reads them, merges them and writes OUT
//   bench_reshape_log experiment FOLDER ROWS   writes an experiment with a log of ROWS rows
//   bench_reshape_log resplit FOLDER SPLITS    splits its logs anew, with a backup
//   bench_reshape_log melt VALUES              melts series of that many values, in memory

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
using malet::ExperimentLog;
using malet::Value;

/// A log whose rows are numbered from `first`: of seven learning rates with each seed.
void make_log(const fs::path& file, int first, int rows) {
  auto columns = malet::Experiment::infos();
  columns.insert(columns.end(), {"train_loss", "val_loss", "val_accuracy"});
  auto log = ExperimentLog::from_fields({"lr", "seed"}, columns, {{"model", "ResNet32"}}, file);
  for (int row = first; row < first + rows; ++row) {
    const double x = 1.0 / (row + 3.0);
    log.add_result({{"lr", 0.125 * (1 + row % 7)}, {"seed", row / 7}},
                   {{"datetime", "2026-01-02 03:04:05.000006"},
                    {"duration", "0 days 00:01:00.000005"},
                    {"commit_hash", "0123456789abcdef0123456789abcdef01234567"},
                    {"status", "C"},
                    {"train_loss", Value::List{x, x / 2, x / 3}},
                    {"val_loss", x * 1.1},
                    {"val_accuracy", 1 - x}});
  }
  log.to_tsv();
}

void make(const fs::path& folder, int logs, int rows) {
  fs::remove_all(folder);
  for (int i = 0; i < logs; ++i) {
    make_log(folder / fmt::format("split_{:03}.tsv", i), i * rows, rows);
  }
}

void make_experiment(const fs::path& folder, int rows) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "exp_config.yaml")
      << fmt::format("model: ResNet32\ngrid:\n  lr: [{}]\n  seed: [i;0:1:{}]\n",
                     "0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875", rows / 7);
  make_log(folder / "log.tsv", 0, rows);
}

std::size_t resplit(const fs::path& folder, std::size_t splits) {
  return malet::Experiment::resplit_logs(folder, splits).rows;
}

ExperimentLog series_log(int values) {
  constexpr int steps = 1000;
  auto log = ExperimentLog::from_fields({"seed"}, {"status", "loss"}, {}, "");
  for (int seed = 0; seed < values / steps; ++seed) {
    Value::List series;
    for (int step = 0; step < steps; ++step) series.emplace_back(1.0 / (seed * steps + step + 3.0));
    log.add_result({{"seed", seed}}, {{"status", "C"}, {"loss", std::move(series)}});
  }
  return log;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const std::string what = argv[1];
  if (what == "make") {
    make(argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
    return 0;
  }
  if (what == "experiment") {
    make_experiment(argv[2], std::atoi(argv[3]));
    return 0;
  }
  const ExperimentLog log = what == "melt" ? series_log(std::atoi(argv[2])) : ExperimentLog();
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t size = what == "melt" ? log.melt_and_explode_metric().size()
                           : what == "resplit"
                               ? resplit(argv[2], static_cast<std::size_t>(std::atoi(argv[3])))
                               : ExperimentLog::merge_folder(argv[2], fs::path(argv[3])).size();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  fmt::print("{{\"rows\": {}, \"seconds\": {}, \"peak_mib\": {:.1f}}}\n", size, elapsed.count(),
             malet::bench::resources().peak_mib);
  return 0;
}
