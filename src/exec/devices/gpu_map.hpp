#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exec/devices/gpu.hpp"

namespace malet::exec {

/// What a rank says of itself before devices are dealt out.
struct RankGpus {
  std::string node;          ///< the machine it is on
  std::vector<Gpu> gpus;     ///< what it may use
  int cores = 1;             ///< how many cores it may use
  std::optional<int> slots;  ///< how many runs at a time, if it was told (--slots)
};

/// Whether rank 0, which coordinates, runs configs as well.
enum class RankZero {
  automatic,   ///< unless there are more ranks than devices where it is
  coordinate,  ///< never
  work,        ///< always
};

struct GpuOptions {
  std::optional<int> gpus_per_run;  ///< by default one where there are any, 0 hides them from runs
  int runs_per_gpu = 1;             ///< how many slots may share the devices of a run
  RankZero rank0 = RankZero::automatic;
};

/// One run at a time: its devices and its share of its rank's cores (for OMP_NUM_THREADS).
struct GpuSlot {
  std::vector<Gpu> gpus;
  std::vector<Gpu> hidden;  ///< what the rank sees and its run must not, with --gpus-per-run 0
  int cores = 1;
};

/// Devices that no slot was given, seen by these ranks of a node.
struct UnusedGpus {
  std::string node;
  std::vector<int> ranks;
  std::vector<Gpu> gpus;
};

struct GpuMap {
  struct Rank {
    std::string node;
    std::vector<GpuSlot> slots;  ///< none for a rank 0 that only coordinates
  };
  std::vector<Rank> ranks;  ///< in rank order
  std::vector<UnusedGpus> unused;
};

/// Deals the devices of every node out among the slots of its ranks, in rank order.
///
/// Ranks of one node that see the same devices share them, ranks that see others keep their own.
/// A rank that was not told how many slots it has gets its even share of what its devices allow, at
/// least one: a lone rank keeps every device busy.
///
/// Throws Error(bad_input) for what does not fit (fewer devices than slots need, ranks of a node
/// that see some devices in common, nobody left to run): a sentence, a line break and the map as
/// far as it goes.
[[nodiscard]] GpuMap deal_gpus(std::span<const RankGpus> ranks, const GpuOptions& options);

/// The map for people: one line per slot, and one for every set of unused devices.
[[nodiscard]] std::string gpu_map_text(const GpuMap& map);

/// The map as a JSON document: {slots: [{rank, node, slot, gpus, variables, cores}], coordinators:
/// [{rank, node}], unused: [{node, gpus, seen_by}]}. `gpus` are ids, `variables` what a run's
/// environment gets, and coordinators ranks without a slot.
[[nodiscard]] std::string gpu_map_json(const GpuMap& map);

}  // namespace malet::exec
