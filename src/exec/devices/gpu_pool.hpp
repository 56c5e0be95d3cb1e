#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "exec/devices/gpu_map.hpp"

namespace malet::exec {

/// Ranks of one node that see the same devices; perhaps none.
struct GpuPool {
  std::string node;
  std::vector<int> ranks;                ///< in rank order
  std::vector<std::vector<Gpu>> copies;  ///< per rank, the devices by its own ids, in one order
  std::vector<std::string> identities;   ///< of the devices, in that order

  [[nodiscard]] std::size_t devices() const { return identities.size(); }
};

/// The pools of all nodes, ordered by first rank.
///
/// Devices are the same if their keys are. If a rank of the node does not know all keys, ids are
/// compared instead: ranks with equal CUDA_VISIBLE_DEVICES share, others do not.
[[nodiscard]] std::vector<GpuPool> gpu_pools(std::span<const RankGpus> ranks);

/// The first two pools of a node that overlap, whose devices cannot be dealt out; null pointers if
/// there are none.
[[nodiscard]] std::pair<const GpuPool*, const GpuPool*> overlapping_pools(
    std::span<const GpuPool> pools);

/// "rank 3", "ranks 0-2" or "ranks 0,2,5".
[[nodiscard]] std::string ranks_text(std::span<const int> ranks);

}  // namespace malet::exec
