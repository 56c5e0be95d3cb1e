#pragma once

#include <cstdint>
#include <vector>

#include "malet/config_iter.hpp"
#include "sweep/queue/chunks.hpp"

namespace malet::sweep {

/// What a job's configs have of each chunk of the grid.
class ChunkScope {
 public:
  ChunkScope(ConfigIter configs, const Chunks& chunks);

  [[nodiscard]] const ConfigIter& configs() const { return configs_; }
  [[nodiscard]] const Chunks& chunks() const { return chunks_; }
  [[nodiscard]] std::uint64_t count_in(std::uint64_t chunk) const {
    return bounds_[chunk + 1] - bounds_[chunk];
  }
  [[nodiscard]] ConfigIter configs_in(std::uint64_t chunk) const {
    return configs_.slice(bounds_[chunk], bounds_[chunk + 1]);
  }
  /// Whether all of the chunk's configs are the job's.
  [[nodiscard]] bool has_all_of(std::uint64_t chunk) const {
    return count_in(chunk) == chunks_.end(chunk) - chunks_.begin(chunk);
  }

 private:
  ConfigIter configs_;
  Chunks chunks_;
  std::vector<std::uint64_t> bounds_;  // per chunk its first position in configs_, and the end
};

}  // namespace malet::sweep
