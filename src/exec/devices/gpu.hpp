#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace malet::exec {

enum class GpuVendor { nvidia, amd, intel };

/// Variables that tell a vendor's runtime which devices a process may use.
inline constexpr const char* cuda_visible_devices = "CUDA_VISIBLE_DEVICES";
inline constexpr const char* rocr_visible_devices = "ROCR_VISIBLE_DEVICES";
inline constexpr const char* hip_visible_devices = "HIP_VISIBLE_DEVICES";
inline constexpr const char* ze_affinity_mask = "ZE_AFFINITY_MASK";

/// A device, or a part of one (a MIG instance, a tile), as named by the process that found it.
struct Gpu {
  GpuVendor vendor = GpuVendor::nvidia;
  /// The variable that gave `id`, and that runs get.
  std::string variable = cuda_visible_devices;
  /// Opaque: "0", "GPU-<uuid>", "MIG-<uuid>", "0.1". Valid in this process and its children only:
  /// under cgroups, ranks of a node may each have a different device "0".
  std::string id;
  /// Whether `id` is an NVIDIA index in the order of PCI addresses.
  bool is_pci_index = false;
  /// The device's uuid or PCI address, the same in all ranks of a node; empty if unknown.
  std::string key;

  bool operator==(const Gpu&) const = default;
};

/// The ids, separated by commas.
[[nodiscard]] std::string gpu_ids(std::span<const Gpu> gpus);

/// The variables that let a run see exactly `gpus`: the vendor's variable, CUDA_DEVICE_ORDER if ids
/// are indices, and always MALET_GPUS. All of `gpus` were found by one process.
///
/// Without `gpus`, the vendor's variable hides all devices if there are `hidden` ones, else it is
/// not changed.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> gpu_environment(
    std::span<const Gpu> gpus, std::span<const Gpu> hidden = {});

}  // namespace malet::exec
