#include "exec/devices/gpu.hpp"

namespace malet::exec {

namespace {

/// HIP ignores an empty list, and ends a list at the first index that does not exist.
std::string empty_list(const std::string& variable) {
  return variable == hip_visible_devices ? "-1" : "";
}

}  // namespace

std::string gpu_ids(std::span<const Gpu> gpus) {
  std::string ids;
  for (const Gpu& gpu : gpus) {
    if (!ids.empty()) ids += ',';
    ids += gpu.id;
  }
  return ids;
}

std::vector<std::pair<std::string, std::string>> gpu_environment(std::span<const Gpu> gpus,
                                                                 std::span<const Gpu> hidden) {
  std::vector<std::pair<std::string, std::string>> variables;
  const std::string ids = gpu_ids(gpus);
  if (!gpus.empty()) {
    variables.emplace_back(gpus.front().variable, ids);
    if (gpus.front().is_pci_index) variables.emplace_back("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
  } else if (!hidden.empty()) {
    variables.emplace_back(hidden.front().variable, empty_list(hidden.front().variable));
  }
  variables.emplace_back("MALET_GPUS", ids);
  return variables;
}

}  // namespace malet::exec
