// A sweep of runs that do nothing, or keep the core busy for so many microseconds.
//   [mpirun -n RANKS] bench_noop_sweep FOLDER RUNS [MICROSECONDS]
// Prints what the job took from the first message to the written log; launch and MPI's start are
// left out.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "malet/malet.hpp"
#include "resources.hpp"

namespace {

using Clock = std::chrono::steady_clock;

void keep_busy(double microseconds) {
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double, std::micro>(microseconds));
  while (Clock::now() < end) {
  }
}

/// Two fields that vary, as long as the number of runs allows it.
void write_config(const std::filesystem::path& folder, int runs) {
  const int seeds = runs % 1000 == 0 ? 1000 : 1;
  std::ofstream(folder / "exp_config.yaml")
      << "model: none\ngrid:\n  lr: [0.1]\n  width: [i;1:1:" << runs / seeds + 1
      << "]\n  seed: [i;0:1:" << seeds << "]\n";
}

bool is_rank_0() {
  const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
  return rank == nullptr || std::atoi(rank) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const std::filesystem::path folder = argv[1];
  const double microseconds = argc > 3 ? std::atof(argv[3]) : 0;
  if (is_rank_0()) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    write_config(folder, std::atoi(argv[2]));
  }
  malet::ExperimentOptions options;
  double elapsed = 0;
  options.on_progress = [&](const malet::Progress& progress) {
    elapsed = progress.elapsed.count();
  };
  const auto function = [=](const malet::Config& config, malet::Run&) -> malet::Metrics {
    if (microseconds > 0) keep_busy(microseconds);
    return {{"loss", 0.5 * static_cast<double>(config.find("width")->integer())}};
  };
  const malet::RunReport report = malet::Experiment(folder, function, options).run();
  if (!is_rank_0()) return 0;
  const auto used = malet::bench::resources();
  fmt::print("{{\"runs\": {}, \"seconds\": {}, \"rank0_cpu\": {:.3f}, \"rank0_mib\": {:.1f}}}\n",
             report.counts.completed, elapsed, used.cpu_seconds, used.peak_mib);
  return static_cast<int>(report.exit_code);
}
