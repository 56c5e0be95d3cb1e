#include "exec/devices/gpu_inventory.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "base/text/text_parts.hpp"
#include "exec/devices/nvml.hpp"

// Entries of visible-devices variables are passed on unchanged. An index is looked up among the
// devices that the machine lists only to find out whether two ranks mean the same device. Cgroups
// narrow that list in the same way as they narrow the meaning of an index.
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

/// Gives each device its key: a uuid is its own key, an index is looked up in `listed`.
void add_keys(std::vector<Gpu>& gpus, const std::vector<Gpu>& listed) {
  for (Gpu& gpu : gpus) {
    const auto index = base::whole_number(gpu.id);
    if (!is_index(gpu.id)) {
      gpu.key = gpu.id;
    } else if (index && *index < listed.size()) {
      gpu.key = listed[*index].key;
    }
  }
}

bool any_index(const std::vector<Gpu>& gpus) {
  return std::any_of(gpus.begin(), gpus.end(), [](const Gpu& gpu) { return is_index(gpu.id); });
}

std::vector<Gpu> nvidia_by_variable(const GpuSources& sources) {
  auto gpus = parse_gpus(GpuVendor::nvidia, cuda_visible_devices,
                         sources.variable(cuda_visible_devices).value_or(""));
  // With CUDA's own order only CUDA knows which device an index means.
  if (sources.variable("CUDA_DEVICE_ORDER") == "FASTEST_FIRST") return gpus;
  for (Gpu& gpu : gpus) gpu.is_pci_index = is_index(gpu.id);
  // Starting NVML can take a second, so it is asked only when there are indices.
  add_keys(gpus, any_index(gpus) ? listed_gpus(GpuVendor::nvidia, sources) : std::vector<Gpu>());
  return gpus;
}

/// An index of HIP counts the devices that ROCR leaves visible. An empty list of HIP is ignored.
std::vector<Gpu> amd_by_variable(const GpuSources& sources) {
  std::vector<Gpu> seen = listed_gpus(GpuVendor::amd, sources);
  if (const auto rocr = sources.variable(rocr_visible_devices)) {
    auto gpus = parse_gpus(GpuVendor::amd, rocr_visible_devices, *rocr);
    add_keys(gpus, seen);
    seen = std::move(gpus);
    if (seen.empty()) return {};
    for (Gpu& gpu : seen) gpu.key = gpu.key.empty() ? gpu.id : gpu.key;
  }
  const std::string hip = sources.variable(hip_visible_devices).value_or("");
  if (hip.empty()) return sources.variable(rocr_visible_devices) ? seen : std::vector<Gpu>();
  auto gpus = parse_gpus(GpuVendor::amd, hip_visible_devices, hip);
  add_keys(gpus, seen);
  return gpus;
}

/// Indices get no key: the runtime decides whether they count devices or tiles.
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

/// Slurm may set the variables of several vendors. Then the first vendor with listed devices wins.
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

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// access() also asks the cgroup, and does not open the device, which could take seconds.
bool is_denied(const std::filesystem::path& file) {
  return ::access(file.c_str(), R_OK | W_OK) != 0 && (errno == EACCES || errno == EPERM);
}

}  // namespace

GpuSources system_gpu_sources() {
  return {environment_variable, "/", is_denied, [] { return nvml_keys(); }};
}

std::vector<Gpu> usable_gpus(const GpuSources& sources) {
  if (any_variable(sources)) return by_variables(sources);
  for (const GpuVendor vendor : {GpuVendor::nvidia, GpuVendor::amd, GpuVendor::intel}) {
    std::vector<Gpu> gpus = listed_gpus(vendor, sources);
    if (!gpus.empty()) return gpus;
  }
  return {};
}

}  // namespace malet::exec
