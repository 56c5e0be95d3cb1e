// Experiment functions for the end-to-end tests, as a plug-in.

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "malet/malet.hpp"

namespace {

using malet::Config;
using malet::Metrics;
using malet::Run;

/// Waits while the file `hold` exists, if the seed is `hold_from` at least.
void wait_while_held(const Config& config, int seed) {
  const auto hold = config.get<std::string>("hold", "");
  if (hold.empty() || seed < config.get<int>("hold_from")) return;
  while (std::filesystem::exists(hold)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

/// Sleeps `sleep_ms`, throws where `fail` holds, reports `steps` steps, and gives a result that the
/// tests can foretell. With `trace` it appends a line per start to that file.
Metrics probe(const Config& config, Run& run) {
  const auto seed = config.get<int>("seed");
  if (const auto trace = config.get<std::string>("trace", ""); !trace.empty()) {
    std::ofstream(trace, std::ios::app) << seed << "\n" << std::flush;
  }
  wait_while_held(config, seed);
  std::this_thread::sleep_for(std::chrono::milliseconds(config.get<int>("sleep_ms", 0)));
  if (config.get<int>("fail_every", 0) > 0 && seed % config.get<int>("fail_every") == 0) {
    throw std::runtime_error("seed " + std::to_string(seed) + " fails");
  }
  for (auto step = run.next_step(); step < config.get<int>("steps", 0); ++step) {
    run.report({{"loss", 1.0 / static_cast<double>(step + 1)}});
    std::this_thread::sleep_for(std::chrono::milliseconds(config.get<int>("step_ms", 0)));
    if (run.should_stop()) return {};
  }
  return {{"result", config.get<double>("lr") * seed}};
}

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? "" : text;
}

/// Seconds on the clock that all processes of a machine share.
double seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

/// As the probe, and tells where it ran, on which device, and from when to when.
Metrics device(const Config& config, Run& run) {
  const double begin = seconds();
  Metrics metrics = probe(config, run);
  metrics.emplace_back("node", variable("SLURMD_NODENAME"));
  metrics.emplace_back("device", variable("CUDA_VISIBLE_DEVICES"));
  metrics.emplace_back("begin", begin);
  metrics.emplace_back("end", seconds());
  return metrics;
}

/// A plug-in that takes its time to load, where a test asks for it: as long as a folder exists,
/// into which it puts a file.
[[maybe_unused]] const bool slowly_loaded = [] {
  if (const char* text = std::getenv("MALET_PROBE_LOADS")) {
    std::ofstream(std::filesystem::path(text) / std::to_string(::getpid()));
    while (std::filesystem::exists(text)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  // Stays open, as a log of a library does.
  if (const char* file = std::getenv("MALET_PROBE_OPENS")) (void)std::fopen(file, "w");
  return true;
}();

/// Fails without a word.
Metrics silent(const Config&, Run&) {
  throw std::runtime_error("");
}

/// Never returns and never asks.
Metrics stuck(const Config&, Run&) {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

}  // namespace

MALET_EXPERIMENT("probe", probe);
MALET_EXPERIMENT("device", device);
MALET_EXPERIMENT("silent", silent);
MALET_EXPERIMENT("stuck", stuck);
