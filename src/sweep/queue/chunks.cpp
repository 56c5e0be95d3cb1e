#include "sweep/queue/chunks.hpp"

#include <algorithm>
#include <utility>

namespace malet::sweep {

namespace {

/// The first position from `from` to `to` whose number is `index` or more.
std::uint64_t position_of(const ConfigIter& configs, std::uint64_t index, std::uint64_t from,
                          std::uint64_t to) {
  while (from < to) {
    const std::uint64_t middle = from + (to - from) / 2;
    if (configs.index(middle) < index) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}

}  // namespace

ChunkScope::ChunkScope(ConfigIter configs, const Chunks& chunks)
    : configs_(std::move(configs)), chunks_(chunks) {
  std::uint64_t position = 0;
  for (std::uint64_t chunk = 0; chunk < chunks_.count(); ++chunk) {
    bounds_.push_back(position);
    // Each number comes once, so a chunk has no more positions than numbers.
    const std::uint64_t last = std::min(position + chunks_.size, configs_.size());
    position = position_of(configs_, chunks_.end(chunk), position, last);
  }
  bounds_.push_back(position);
}

}  // namespace malet::sweep
