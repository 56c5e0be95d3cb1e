#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "exec/devices/gpu_map.hpp"

namespace malet::exec {

/// Ranks of one node that see the same devices. A rank without any is in a pool without any.
struct GpuPool {
  std::string node;
  std::vector<int> ranks;                ///< in rank order
  std::vector<std::vector<Gpu>> copies;  ///< per rank of the pool, the devices in one common order,
                                         ///< each rank's by its own names
  std::vector<std::string> identities;   ///< of the devices, in that order

  [[nodiscard]] std::size_t devices() const { return identities.size(); }
};

/// The pools of all nodes, by their first ranks.
///
/// Devices are the same when their keys are. Where a rank of the node does not know them all, the
/// names count: ranks that were each given another CUDA_VISIBLE_DEVICES have others, and ranks that
/// were given the same have the same.
[[nodiscard]] std::vector<GpuPool> gpu_pools(std::span<const RankGpus> ranks);

/// The first two pools of a node that have devices in common, for those cannot be dealt out; null
/// pointers when there are none.
[[nodiscard]] std::pair<const GpuPool*, const GpuPool*> overlapping_pools(
    std::span<const GpuPool> pools);

/// "rank 3", "ranks 0-2" or "ranks 0,2,5".
[[nodiscard]] std::string ranks_text(std::span<const int> ranks);

}  // namespace malet::exec
