// Merges many logs, and brings one log into long form.
//   bench_reshape_log make FOLDER LOGS ROWS    writes LOGS logs of ROWS rows each
//   bench_reshape_log merge FOLDER OUT         reads them, merges them and writes OUT
//   bench_reshape_log melt VALUES              melts series of that many values, in memory

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "malet/malet.hpp"
#include "resources.hpp"

namespace {

namespace fs = std::filesystem;
using malet::ExperimentLog;
using malet::Value;

void make(const fs::path& folder, int logs, int rows) {
  fs::remove_all(folder);
  auto columns = malet::Experiment::infos();
  columns.insert(columns.end(), {"train_loss", "val_loss", "val_accuracy"});
  for (int i = 0; i < logs; ++i) {
    auto log = ExperimentLog::from_fields({"lr", "seed"}, columns, {{"model", "ResNet32"}},
                                          folder / fmt::format("split_{:03}.tsv", i));
    for (int row = 0; row < rows; ++row) {
      const double x = 1.0 / (i * rows + row + 3.0);
      log.add_result({{"lr", 0.1 * (1 + row % 7)}, {"seed", i * rows + row}},
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
  const ExperimentLog log = what == "melt" ? series_log(std::atoi(argv[2])) : ExperimentLog();
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t size = what == "melt"
                               ? log.melt_and_explode_metric().size()
                               : ExperimentLog::merge_folder(argv[2], fs::path(argv[3])).size();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  fmt::print("{{\"rows\": {}, \"seconds\": {}, \"peak_mib\": {:.1f}}}\n", size, elapsed.count(),
             malet::bench::resources().peak_mib);
  return 0;
}
