#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace digits {

/// Random numbers that are the same with every standard library, which std's distributions and
/// shuffle are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// A real in [0, 1).
  [[nodiscard]] double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  void shuffle(std::span<std::size_t> items) {
    for (std::size_t left = items.size(); left > 1; --left) {
      const auto pick = static_cast<std::size_t>(uniform() * static_cast<double>(left));
      std::swap(items[left - 1], items[pick]);
    }
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace digits
