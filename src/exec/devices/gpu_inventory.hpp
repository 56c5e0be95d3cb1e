#pragma once

#include <vector>

#include "exec/devices/gpu.hpp"
#include "exec/devices/gpu_sources.hpp"

namespace malet::exec {

/// The devices that this process may use, all of one vendor, in the order given.
///
/// If any of CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES, HIP_VISIBLE_DEVICES and ZE_AFFINITY_MASK
/// is set, they alone decide: a list ends at its first entry that names no device (empty, -1, void,
/// NoDevFiles), so it may well say that there is none. Otherwise what the machine lists is taken:
/// NVIDIA's devices, else AMD's, else Intel's. Starts no vendor's runtime (NVML for a moment), and
/// never throws for what it does not find.
[[nodiscard]] std::vector<Gpu> usable_gpus(const GpuSources& sources);

}  // namespace malet::exec
