#include "exec/devices/nvml.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <memory>

// NVML comes with NVIDIA's driver and is loaded at run time. The prototypes and the structure below
// follow its binary interface. Functions that end in _v2 and _v3 never change.
namespace malet::exec {

namespace {

using Device = void*;
constexpr int success = 0;

struct PciInfo {
  std::array<char, 16> legacy_address;
  unsigned domain;
  unsigned bus;
  unsigned device;
  unsigned device_id;
  unsigned subsystem_id;
  std::array<char, 32> address;
};

using Init = int();
using Shutdown = int();
using GetCount = int(unsigned*);
using GetHandle = int(unsigned, Device*);
using GetUuid = int(Device, char*, unsigned);
using GetPciInfo = int(Device, PciInfo*);

template <typename Function>
Function* find(const NvmlSymbols& symbols, const char* name) {
  return reinterpret_cast<Function*>(symbols(name));
}

template <std::size_t size>
std::string text_of(const std::array<char, size>& text) {
  return {text.begin(), std::find(text.begin(), text.end(), '\0')};
}

std::string key_of(const NvmlSymbols& symbols, Device device) {
  std::array<char, 96> uuid{};
  auto* const get_uuid = find<GetUuid>(symbols, "nvmlDeviceGetUUID");
  if (get_uuid != nullptr && get_uuid(device, uuid.data(), uuid.size()) == success) {
    return text_of(uuid);
  }
  PciInfo pci{};
  auto* const get_pci = find<GetPciInfo>(symbols, "nvmlDeviceGetPciInfo_v3");
  if (get_pci != nullptr && get_pci(device, &pci) == success) return text_of(pci.address);
  return {};
}

std::vector<std::string> keys_of_all(const NvmlSymbols& symbols) {
  auto* const get_count = find<GetCount>(symbols, "nvmlDeviceGetCount_v2");
  auto* const get_handle = find<GetHandle>(symbols, "nvmlDeviceGetHandleByIndex_v2");
  unsigned count = 0;
  if (get_count == nullptr || get_handle == nullptr || get_count(&count) != success) return {};
  std::vector<std::string> keys;
  for (unsigned i = 0; i < count; ++i) {
    Device device = nullptr;
    // A device that fell off the bus keeps its index.
    keys.push_back(get_handle(i, &device) == success ? key_of(symbols, device) : std::string());
  }
  return keys;
}

}  // namespace

std::vector<std::string> nvml_keys(const NvmlSymbols& symbols) {
  auto* const init = find<Init>(symbols, "nvmlInit_v2");
  auto* const shutdown = find<Shutdown>(symbols, "nvmlShutdown");
  if (init == nullptr || shutdown == nullptr || init() != success) return {};
  std::vector<std::string> keys = keys_of_all(symbols);
  shutdown();
  return keys;
}

std::vector<std::string> nvml_keys(const char* library) {
  void* const opened = ::dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  const std::unique_ptr<void, int (*)(void*)> handle(opened, ::dlclose);
  if (!handle) return {};
  return nvml_keys([&](const char* name) { return ::dlsym(handle.get(), name); });
}

}  // namespace malet::exec
