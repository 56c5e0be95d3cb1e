#pragma once

#include <functional>
#include <string>
#include <vector>

namespace malet::exec {

/// Finds a function of the NVML library by name; null if there is none.
using NvmlSymbols = std::function<void*(const char* name)>;

/// The uuids of the devices that NVML lists, in the order of PCI addresses; the PCI address for a
/// device without uuid. Empty if NVML cannot be used: no driver, another version.
[[nodiscard]] std::vector<std::string> nvml_keys(const NvmlSymbols& symbols);

/// The same with this machine's library; empty without one.
[[nodiscard]] std::vector<std::string> nvml_keys(const char* library = "libnvidia-ml.so.1");

}  // namespace malet::exec
