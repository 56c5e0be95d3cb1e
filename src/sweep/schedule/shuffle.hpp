#pragma once

#include <cstdint>

namespace malet::sweep {

/// A fixed permutation of 0 <= i < size that takes no memory: a four-round Feistel network over the
/// next even number of bits, walked on until it falls into the range.
[[nodiscard]] std::uint64_t shuffled_position(std::uint64_t i, std::uint64_t size);

}  // namespace malet::sweep
