#include "exec/devices/gpu_sources.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "exec/devices/nvml.hpp"

namespace malet::exec {

namespace {

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Asking does not open the device, which could take seconds; the kernel asks the cgroup as well.
bool is_denied(const std::filesystem::path& file) {
  return ::access(file.c_str(), R_OK | W_OK) != 0 && (errno == EACCES || errno == EPERM);
}

}  // namespace

GpuSources system_gpu_sources() {
  return {environment_variable, "/", is_denied, [] { return nvml_keys(); }};
}

}  // namespace malet::exec
