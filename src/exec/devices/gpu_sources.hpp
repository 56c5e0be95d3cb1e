#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace malet::exec {

/// Everything that the inventory of devices looks at, so that tests can bring a recorded machine.
struct GpuSources {
  /// The value of an environment variable, if it is set.
  std::function<std::optional<std::string>(const char* name)> variable;
  /// Stands for `/`: below it are proc, sys and dev.
  std::filesystem::path root = "/";
  /// Whether this process is kept from using a device file, by its mode or by its cgroup. False for
  /// a file that does not exist: drivers make theirs at the first use.
  std::function<bool(const std::filesystem::path& file)> is_denied;
  /// What nvml_keys() of the machine gives.
  std::function<std::vector<std::string>()> nvml;
};

/// This process's own environment and machine.
[[nodiscard]] GpuSources system_gpu_sources();

}  // namespace malet::exec
