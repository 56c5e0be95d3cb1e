#pragma once

#include <cstdint>

namespace malet::sweep {

/// The numbers of a grid cut into chunks of one size; the last one may be shorter. All jobs that
/// share a folder cut it the same way.
struct Chunks {
  std::uint64_t configs = 0;
  std::uint64_t size = 1;

  [[nodiscard]] std::uint64_t count() const { return (configs + size - 1) / size; }
  [[nodiscard]] std::uint64_t of(std::uint64_t index) const { return index / size; }
  [[nodiscard]] std::uint64_t begin(std::uint64_t chunk) const { return chunk * size; }
  [[nodiscard]] std::uint64_t end(std::uint64_t chunk) const {
    return chunk + 1 >= count() ? configs : (chunk + 1) * size;
  }

  friend bool operator==(const Chunks&, const Chunks&) = default;
};

/// There are never more claims than that.
inline constexpr std::uint64_t most_chunks = 4096;

/// Chunks of one config each where that makes no more than most_chunks, else larger ones.
[[nodiscard]] inline Chunks cut(std::uint64_t configs) {
  return {configs, configs <= most_chunks ? 1 : (configs - 1) / most_chunks + 1};
}

}  // namespace malet::sweep
