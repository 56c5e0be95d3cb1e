// Opens a grid of 10^EXPONENT configs and decodes a million of them, or all if there are fewer.
//   bench_decode_grid EXPONENT

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "malet/config_iter.hpp"
#include "resources.hpp"

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  const int exponent = argc > 1 ? std::atoi(argv[1]) : 6;
  std::string yaml = "model: none\nepochs: 10\ngrid:\n";
  for (int i = 0; i < exponent; ++i) yaml += fmt::format("  f{}: [i/10;0:1:10]\n", i);
  const auto begin = Clock::now();
  const auto configs = malet::ConfigIter::from_text(yaml);
  const std::uint64_t size = configs.size();
  const double opened = seconds_since(begin);

  constexpr std::uint64_t decoded = 1'000'000;
  const std::uint64_t stride = exponent > 6 ? 1'000'003 : 1;
  double sum = 0;
  const auto decoding = Clock::now();
  for (std::uint64_t i = 0; i < decoded; ++i) {
    const malet::Config config = configs[i * stride % size];
    sum += config.field(config.size() - 1).second.real();
  }
  const double per_config = seconds_since(decoding) / static_cast<double>(decoded);
  fmt::print(
      "{{\"size\": {}, \"open_ms\": {:.3f}, \"decode_ns\": {:.1f}, \"peak_mib\": {:.1f}, "
      "\"sum\": {}}}\n",
      size, opened * 1e3, per_config * 1e9, malet::bench::resources().peak_mib, sum);
  return 0;
}
