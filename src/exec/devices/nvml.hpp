#pragma once

#include <functional>
#include <string>
#include <vector>

namespace malet::exec {

/// Finds a function of the NVML library by its name; null when there is none.
using NvmlSymbols = std::function<void*(const char* name)>;

/// The uuids (PCI addresses, for a device without one) of the devices that NVML lists, in its
/// order, which is that of the PCI addresses. Empty when NVML is not usable: no driver, another
/// version.
[[nodiscard]] std::vector<std::string> nvml_keys(const NvmlSymbols& symbols);

/// The same by the library of this machine; empty without one.
[[nodiscard]] std::vector<std::string> nvml_keys(const char* library = "libnvidia-ml.so.1");

}  // namespace malet::exec
