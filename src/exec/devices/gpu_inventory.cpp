#include "exec/devices/gpu_inventory.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "exec/devices/gpu_listing.hpp"

// Lists of visible devices stay what they are, opaque, for whoever set them knows best. Only to
// tell whether two ranks mean the same device are indices looked up among what the machine lists,
// which cgroups narrow as they narrow what an index means.
namespace malet::exec {

namespace {

constexpr std::string_view digits = "0123456789";

bool is_index(std::string_view id) {
  return !id.empty() && id.find_first_not_of(digits) == std::string_view::npos;
}

/// An index, a part of one (1.0), or a uuid.
bool names_device(std::string_view id) {
  const bool number = !id.empty() && digits.find(id.front()) != std::string_view::npos &&
                      id.find_first_not_of("0123456789.") == std::string_view::npos;
  return number || id.starts_with("GPU-") || id.starts_with("MIG-");
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// The entries up to the first that names no device, each once.
std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> ids;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string id(trim(text.substr(0, comma)));
    if (!names_device(id)) return ids;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    if (comma == std::string_view::npos) return ids;
    text.remove_prefix(comma + 1);
  }
}

std::vector<Gpu> parse_gpus(GpuVendor vendor, const char* variable, std::string_view text) {
  std::vector<Gpu> gpus;
  for (std::string& id : parse_list(text)) {
    gpus.push_back({vendor, variable, std::move(id), false, {}});
  }
  return gpus;
}

/// Gives each device its key: a uuid is one, an index is looked up in `listed`.
void add_keys(std::vector<Gpu>& gpus, const std::vector<Gpu>& listed) {
  for (Gpu& gpu : gpus) {
    std::size_t index = 0;
    if (!is_index(gpu.id)) {
      gpu.key = gpu.id;
    } else if (std::from_chars(gpu.id.data(), gpu.id.data() + gpu.id.size(), index).ec ==
                   std::errc() &&
               index < listed.size()) {
      gpu.key = listed[index].key;
    }
  }
}

bool any_index(const std::vector<Gpu>& gpus) {
  return std::any_of(gpus.begin(), gpus.end(), [](const Gpu& gpu) { return is_index(gpu.id); });
}

std::vector<Gpu> nvidia_by_variable(const GpuSources& sources) {
  auto gpus = parse_gpus(GpuVendor::nvidia, cuda_visible_devices,
                         sources.variable(cuda_visible_devices).value_or(""));
  // Somebody who asks for CUDA's own order counts by it, which only CUDA could tell us.
  if (sources.variable("CUDA_DEVICE_ORDER") == "FASTEST_FIRST") return gpus;
  for (Gpu& gpu : gpus) gpu.is_pci_index = is_index(gpu.id);
  // Starting NVML can take a second: not for nothing.
  add_keys(gpus, any_index(gpus) ? listed_gpus(GpuVendor::nvidia, sources) : std::vector<Gpu>());
  return gpus;
}

/// HIP counts what ROCR leaves visible; an empty list of HIP is as none.
std::vector<Gpu> amd_by_variable(const GpuSources& sources) {
  std::vector<Gpu> seen = listed_gpus(GpuVendor::amd, sources);
  if (const auto rocr = sources.variable(rocr_visible_devices)) {
    auto gpus = parse_gpus(GpuVendor::amd, rocr_visible_devices, *rocr);
    add_keys(gpus, seen);
    seen = std::move(gpus);
    if (seen.empty()) return {};
    for (Gpu& gpu : seen) gpu.key = gpu.key.empty() ? gpu.id : gpu.key;  // what HIP's index means
  }
  const std::string hip = sources.variable(hip_visible_devices).value_or("");
  if (hip.empty()) return sources.variable(rocr_visible_devices) ? seen : std::vector<Gpu>();
  auto gpus = parse_gpus(GpuVendor::amd, hip_visible_devices, hip);
  add_keys(gpus, seen);
  return gpus;
}

/// Whether entries count devices or tiles depends on the runtime, so indices have no key.
std::vector<Gpu> intel_by_variable(const GpuSources& sources) {
  return parse_gpus(GpuVendor::intel, ze_affinity_mask,
                    sources.variable(ze_affinity_mask).value_or(""));
}

bool any_variable(const GpuSources& sources) {
  const auto names = {cuda_visible_devices, rocr_visible_devices, hip_visible_devices,
                      ze_affinity_mask};
  return std::any_of(names.begin(), names.end(),
                     [&](const char* name) { return sources.variable(name).has_value(); });
}

/// Slurm without knowledge of the vendor sets the variables of all: the hardware decides then.
std::vector<Gpu> by_variables(const GpuSources& sources) {
  std::vector<std::vector<Gpu>> found;
  for (auto& gpus :
       {nvidia_by_variable(sources), amd_by_variable(sources), intel_by_variable(sources)}) {
    if (!gpus.empty()) found.push_back(gpus);
  }
  if (found.empty()) return {};
  if (found.size() > 1) {
    for (const auto& gpus : found) {
      if (!listed_gpus(gpus.front().vendor, sources).empty()) return gpus;
    }
  }
  return found.front();
}

}  // namespace

std::vector<Gpu> usable_gpus(const GpuSources& sources) {
  if (any_variable(sources)) return by_variables(sources);
  for (const GpuVendor vendor : {GpuVendor::nvidia, GpuVendor::amd, GpuVendor::intel}) {
    std::vector<Gpu> gpus = listed_gpus(vendor, sources);
    if (!gpus.empty()) return gpus;
  }
  return {};
}

}  // namespace malet::exec
