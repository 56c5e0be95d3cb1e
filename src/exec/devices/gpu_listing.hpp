#pragma once

#include <vector>

#include "exec/devices/gpu.hpp"
#include "exec/devices/gpu_sources.hpp"

namespace malet::exec {

/// The devices of a vendor that the machine itself lists and this process may open, numbered as the
/// vendor's runtime numbers them, whatever the visible-devices variables say. NVIDIA's by NVML,
/// else by /proc or /sys; AMD's by the compute driver's topology; Intel's discrete ones by /sys.
[[nodiscard]] std::vector<Gpu> listed_gpus(GpuVendor vendor, const GpuSources& sources);

}  // namespace malet::exec
