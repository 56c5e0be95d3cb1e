#include "sweep/schedule/shuffle.hpp"

#include <bit>

namespace malet::sweep {

namespace {

std::uint64_t scramble(std::uint64_t half, std::uint64_t round) {
  std::uint64_t x = half + (round + 1) * 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

std::uint64_t permute(std::uint64_t i, unsigned half_bits) {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits) - 1;
  std::uint64_t left = i >> half_bits;
  std::uint64_t right = i & mask;
  for (std::uint64_t round = 0; round < 4; ++round) {
    const std::uint64_t mixed = left ^ (scramble(right, round) & mask);
    left = right;
    right = mixed;
  }
  return (left << half_bits) | right;
}

}  // namespace

std::uint64_t shuffled_position(std::uint64_t i, std::uint64_t size) {
  if (size <= 1) return 0;
  const auto bits = static_cast<unsigned>(std::bit_width(size - 1));
  const unsigned half_bits = (bits + 1) / 2;
  do {
    i = permute(i, half_bits);
  } while (i >= size);
  return i;
}

}  // namespace malet::sweep
