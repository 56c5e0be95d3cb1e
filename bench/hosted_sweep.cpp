// A sweep whose runs have processes of their own.
//   bench_hosted_sweep FOLDER RUNS function|command|sleep [MICROSECONDS [BALLAST_MIB [SLOTS]]]
// `function` keeps a core busy in a host, `command` starts /bin/true, `sleep` starts sleep for so
// many seconds and tells what every rank used. BALLAST_MIB is memory that this process holds.

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "malet/malet.hpp"
#include "resources.hpp"

namespace {

using Clock = std::chrono::steady_clock;

malet::Metrics busy(const malet::Config& config, malet::Run&) {
  const std::chrono::duration<double, std::micro> span(config.get<double>("us"));
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(span);
  while (Clock::now() < end) {
  }
  return {{"loss", 0.5}};
}

int own_rank() {
  const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
  return rank == nullptr ? 0 : std::atoi(rank);
}

malet::ExperimentHost host_of(const std::string& kind) {
  malet::ExperimentHost host;
  if (kind == "function") return host;
  host.kind = malet::ExperimentHost::Kind::command;
  host.command = kind == "sleep" ? "sleep {us}" : "/bin/true";
  return host;
}

}  // namespace

MALET_EXPERIMENT("busy", busy);

int main(int argc, char** argv) {
  if (argc > 1 && std::strncmp(argv[1], "--malet-", 8) == 0) return malet::main(argc, argv);
  if (argc < 4) return 64;
  const std::filesystem::path folder = argv[1];
  const std::string kind = argv[3];
  if (own_rank() == 0) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "exp_config.yaml")
        << "us: " << (argc > 4 ? argv[4] : "0") << "\ngrid:\n  seed: [i;0:1:" << argv[2] << "]\n";
  }
  const std::size_t ballast = argc > 5 ? std::strtoul(argv[5], nullptr, 10) : 0;
  const std::vector<char> held(ballast << 20U, 1);
  malet::ExperimentOptions options;
  if (argc > 6) options.devices.jobs = std::atoi(argv[6]);
  double elapsed = 0;
  options.on_progress = [&](const malet::Progress& progress) {
    elapsed = progress.elapsed.count();
  };
  const malet::RunReport report = malet::Experiment(folder, host_of(kind), options).run();
  const auto used = malet::bench::resources();
  if (kind == "sleep") {
    fmt::print("rank {} {:.4f}\n", own_rank(), used.cpu_seconds);
    return 0;
  }
  fmt::print("{{\"runs\": {}, \"seconds\": {}, \"rank0_cpu\": {:.3f}, \"rank0_mib\": {:.1f}}}\n",
             report.counts.completed, elapsed, used.cpu_seconds, used.peak_mib);
  return static_cast<int>(report.exit_code);
}
