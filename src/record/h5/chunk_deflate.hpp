#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace malet::record {

/// Elements of 8 bytes in chunks of `length`, each shuffled and deflated as HDF5's filters of those
/// names do it; the last one filled up with zeros. On all cores, since this is what packing costs.
[[nodiscard]] std::vector<std::string> deflate_chunks(std::span<const std::uint64_t> words,
                                                      std::size_t length, int level);

}  // namespace malet::record
