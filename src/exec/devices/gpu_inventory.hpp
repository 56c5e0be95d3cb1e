#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "exec/devices/gpu.hpp"

namespace malet::exec {

/// What the inventory of devices reads. Tests put a recorded machine in its place.
struct GpuSources {
  /// The value of an environment variable, if it is set.
  std::function<std::optional<std::string>(const char* name)> variable;
  /// The folder that holds proc, sys and dev.
  std::filesystem::path root = "/";
  /// Whether the mode or the cgroup of a device file denies it to this process. False for a missing
  /// file: drivers make theirs at the first use.
  std::function<bool(const std::filesystem::path& file)> is_denied;
  /// nvml_keys() of the machine.
  std::function<std::vector<std::string>()> nvml;
};

/// The environment and the machine of this process.
[[nodiscard]] GpuSources system_gpu_sources();

/// The devices that this process may use, all of one vendor, in the order given.
///
/// If any of CUDA_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES, HIP_VISIBLE_DEVICES and ZE_AFFINITY_MASK
/// is set, only they count. A list ends at its first entry that names no device (empty, -1, void,
/// NoDevFiles), and may be empty. Otherwise the devices are listed_gpus() of NVIDIA, else of AMD,
/// else of Intel. Starts no vendor's runtime except NVML, for a moment. Never throws for what it
/// does not find.
[[nodiscard]] std::vector<Gpu> usable_gpus(const GpuSources& sources);

/// The devices of a vendor that the machine lists and this process may open, numbered as in the
/// vendor's runtime. Ignores visible-devices variables. Asks NVML, else /proc or /sys, for NVIDIA;
/// the compute driver's topology for AMD; /sys for Intel, discrete devices only.
[[nodiscard]] std::vector<Gpu> listed_gpus(GpuVendor vendor, const GpuSources& sources);

}  // namespace malet::exec
