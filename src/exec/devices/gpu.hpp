#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace malet::exec {

enum class GpuVendor { nvidia, amd, intel };

/// The variables by which the vendors' runtimes are told which devices a process may use.
inline constexpr const char* cuda_visible_devices = "CUDA_VISIBLE_DEVICES";
inline constexpr const char* rocr_visible_devices = "ROCR_VISIBLE_DEVICES";
inline constexpr const char* hip_visible_devices = "HIP_VISIBLE_DEVICES";
inline constexpr const char* ze_affinity_mask = "ZE_AFFINITY_MASK";

/// A device, or a part of one (a MIG instance, a tile), as the process that found it can name it.
struct Gpu {
  GpuVendor vendor = GpuVendor::nvidia;
  /// The variable that `id` came from, and that is set to it for a run.
  std::string variable = cuda_visible_devices;
  /// Opaque: "0", "GPU-<uuid>", "MIG-<uuid>", "0.1". Means something to this process and its
  /// children only: under cgroups every rank of a node may call another device "0".
  std::string id;
  /// `id` counts NVIDIA devices in the order of their PCI addresses.
  bool is_pci_index = false;
  /// The device's uuid or PCI address, by which ranks of one node tell whether they mean the same;
  /// empty when unknown.
  std::string key;

  bool operator==(const Gpu&) const = default;
};

/// The ids, separated by commas.
[[nodiscard]] std::string gpu_ids(std::span<const Gpu> gpus);

/// What a run's environment is given so that it sees `gpus`, which one process found, and no
/// others: the vendor's variable, CUDA_DEVICE_ORDER where ids are indices, and always MALET_GPUS.
///
/// Without `gpus` the vendor's variable is left as it is, unless there are `hidden` devices: then
/// it is set so that none is seen.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> gpu_environment(
    std::span<const Gpu> gpus, std::span<const Gpu> hidden = {});

}  // namespace malet::exec
