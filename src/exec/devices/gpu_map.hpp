#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exec/devices/gpu.hpp"

namespace malet::exec {

/// What a rank tells before devices are dealt out.
struct RankGpus {
  std::string node;
  std::vector<Gpu> gpus;     ///< devices it may use
  int cores = 1;             ///< number of cores it may use
  std::optional<int> slots;  ///< number of runs at a time, if given (--slots)
};

/// Whether rank 0, which coordinates, runs configs as well.
enum class RankZero {
  automatic,   ///< unless its node has more ranks than devices
  coordinate,  ///< never
  work,        ///< always
};

struct GpuOptions {
  std::optional<int> gpus_per_run;  ///< default: one if there are any; 0 hides them from runs
  int runs_per_gpu = 1;             ///< number of slots that may share a device
  RankZero rank0 = RankZero::automatic;
};

/// A slot's devices, and its share of the rank's cores (for OMP_NUM_THREADS).
struct GpuSlot {
  std::vector<Gpu> gpus;
  std::vector<Gpu> hidden;  ///< devices to hide from runs, with --gpus-per-run 0
  int cores = 1;
};

/// Devices without a slot, and the ranks that see them.
struct UnusedGpus {
  std::string node;
  std::vector<int> ranks;
  std::vector<Gpu> gpus;
};

struct GpuMap {
  struct Rank {
    std::string node;
    std::vector<GpuSlot> slots;  ///< empty for a rank 0 that only coordinates
  };
  std::vector<Rank> ranks;  ///< in rank order
  std::vector<UnusedGpus> unused;
};

/// Deals the devices of every node out to the slots of its ranks, in rank order.
///
/// Ranks of one node share devices if they see the same ones. A rank without a given number of
/// slots gets its even share of what the devices allow, at least one: a lone rank keeps every
/// device busy.
///
/// Throws Error(bad_input) for too few devices, ranks of a node that see some devices in common but
/// not all, and no rank left to run configs. The text is a sentence, a line break and the map so
/// far.
[[nodiscard]] GpuMap deal_gpus(std::span<const RankGpus> ranks, const GpuOptions& options);

/// The map as a table: one line per slot, and one for each set of unused devices.
[[nodiscard]] std::string gpu_map_text(const GpuMap& map);

/// The map as a JSON document: {slots: [{rank, node, slot, gpus, variables, cores}], coordinators:
/// [{rank, node}], unused: [{node, gpus, seen_by}]}. `gpus` are ids, `variables` those of a run,
/// and coordinators ranks without a slot.
[[nodiscard]] std::string gpu_map_json(const GpuMap& map);

}  // namespace malet::exec
