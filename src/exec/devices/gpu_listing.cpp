#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <map>
#include <string_view>
#include <system_error>

#include "base/files/files.hpp"
#include "exec/devices/gpu_inventory.hpp"

// Files about devices in /proc and /sys have lines of a name and a value. Between them is a blank
// (AMD's topology), `=` (uevent) or a colon and blanks (NVIDIA's information). A file that a cgroup
// denies counts as an empty one.
namespace malet::exec {

namespace {

using Path = std::filesystem::path;
using Properties = std::map<std::string, std::string, std::less<>>;

Properties read_properties(const Path& path, std::string_view separators) {
  Properties properties;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t end = line.find_first_of(separators);
    const std::size_t begin = line.find_first_not_of(" \t=:", end);
    if (end == std::string::npos || begin == std::string::npos) continue;
    properties[line.substr(0, end)] = line.substr(begin);
  }
  return properties;
}

std::string value_of(const Properties& properties, std::string_view name) {
  const auto found = properties.find(name);
  return found == properties.end() ? std::string() : found->second;
}

std::uint64_t number_of(const Properties& properties, std::string_view name) {
  const std::string text = value_of(properties, name);
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// The entries of a folder; shorter names first, so that 10 comes after 9.
std::vector<Path> entries(const Path& folder) {
  std::error_code ignored;
  std::vector<Path> paths = base::entries(folder, ignored);
  std::sort(paths.begin(), paths.end(), [](const Path& a, const Path& b) {
    const auto size_a = a.native().size();
    const auto size_b = b.native().size();
    return size_a != size_b ? size_a < size_b : a < b;
  });
  return paths;
}

std::vector<Gpu> numbered(GpuVendor vendor, const char* variable,
                          const std::vector<std::string>& keys) {
  std::vector<Gpu> gpus;
  for (const std::string& key : keys) {
    gpus.push_back(
        {vendor, variable, std::to_string(gpus.size()), vendor == GpuVendor::nvidia, key});
  }
  return gpus;
}

/// PCI addresses, since the driver may not know a uuid before the first use of a device.
std::vector<std::string> nvidia_addresses(const GpuSources& sources) {
  std::vector<std::string> addresses;
  for (const Path& folder : entries(sources.root / "proc/driver/nvidia/gpus")) {
    const Properties about = read_properties(folder / "information", ":");
    if (about.empty() || value_of(about, "GPU Excluded") == "Yes") continue;
    const std::string minor = value_of(about, "Device Minor");
    if (!minor.empty() && sources.is_denied(sources.root / "dev" / ("nvidia" + minor))) continue;
    addresses.push_back(folder.filename().string());
  }
  return addresses;
}

/// The sorted PCI addresses of graphics cards with one of these drivers.
std::vector<std::string> card_addresses(const Path& root,
                                        std::initializer_list<std::string_view> drivers) {
  std::vector<std::string> addresses;
  for (const Path& card : entries(root / "sys/class/drm")) {
    const std::string name = card.filename().string();
    // card0, but not its connectors (card0-DP-1)
    if (!name.starts_with("card") || name.find('-') != std::string::npos) continue;
    const Properties about = read_properties(card / "device/uevent", "=");
    if (std::find(drivers.begin(), drivers.end(), value_of(about, "DRIVER")) == drivers.end()) {
      continue;
    }
    addresses.push_back(value_of(about, "PCI_SLOT_NAME"));
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

std::vector<std::string> amd_addresses(const Path& root) {
  std::vector<std::string> addresses;
  for (const Path& node : entries(root / "sys/class/kfd/kfd/topology/nodes")) {
    const Properties about = read_properties(node / "properties", " ");
    if (number_of(about, "simd_count") == 0) continue;  // a processor
    const std::uint64_t place = number_of(about, "location_id");
    addresses.push_back(fmt::format("{:04x}:{:02x}:{:02x}.{}", number_of(about, "domain"),
                                    place >> 8U & 0xffU, place >> 3U & 0x1fU, place & 7U));
  }
  return addresses;
}

/// Without integrated graphics, which are on bus 0.
std::vector<std::string> intel_addresses(const Path& root) {
  std::vector<std::string> addresses = card_addresses(root, {"i915", "xe"});
  std::erase_if(addresses, [](const std::string& at) { return at.starts_with("0000:00:"); });
  return addresses;
}

std::vector<std::string> nvidia_keys(const GpuSources& sources) {
  std::vector<std::string> keys = sources.nvml();
  if (keys.empty()) keys = nvidia_addresses(sources);
  // With another driver than NVIDIA's a card serves screens only.
  if (keys.empty() && !base::exists(sources.root / "proc/driver/nvidia/gpus")) {
    keys = card_addresses(sources.root, {"nvidia"});
  }
  return keys;
}

}  // namespace

std::vector<Gpu> listed_gpus(GpuVendor vendor, const GpuSources& sources) {
  switch (vendor) {
    case GpuVendor::nvidia:
      return numbered(vendor, cuda_visible_devices, nvidia_keys(sources));
    case GpuVendor::amd:
      return numbered(vendor, rocr_visible_devices, amd_addresses(sources.root));
    case GpuVendor::intel:
      return numbered(vendor, ze_affinity_mask, intel_addresses(sources.root));
  }
  return {};
}

}  // namespace malet::exec
