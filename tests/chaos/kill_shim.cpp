// Preloaded into a program, kills it right before its Nth change of the folder MALET_CHAOS_FOLDER,
// N being MALET_CHAOS_KILL_AT: a write, a sync, or a file that is made, moved or removed. Or lets
// its Nth rename there find the disk full, N being MALET_CHAOS_FULL_AT.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

std::string_view folder() {
  const char* name = std::getenv("MALET_CHAOS_FOLDER");
  return name == nullptr ? std::string_view() : name;
}

void count(std::string_view path) {
  static std::atomic<long> changes = 0;
  const char* at = std::getenv("MALET_CHAOS_KILL_AT");
  if (at == nullptr || folder().empty() || !path.starts_with(folder())) return;
  if (++changes == std::strtol(at, nullptr, 10)) ::kill(::getpid(), SIGKILL);
}

bool is_full(std::string_view path) {
  static std::atomic<long> renames = 0;
  const char* at = std::getenv("MALET_CHAOS_FULL_AT");
  if (at == nullptr || folder().empty() || !path.starts_with(folder())) return false;
  return ++renames == std::strtol(at, nullptr, 10);
}

/// Of a file, or of an open folder and a name in it.
void count_open(int descriptor, std::string_view name = {}) {
  if (name.starts_with('/')) return count(name);
  std::array<char, 64> link{};
  std::array<char, 4096> path{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
  const ssize_t size = ::readlink(link.data(), path.data(), path.size());
  if (size > 0) count(std::string_view(path.data(), static_cast<std::size_t>(size)));
}

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  static auto* const next = real<int(const char*, int, ...)>("open");
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if ((flags & (O_CREAT | O_TRUNC)) != 0) count(path);
  return next(path, flags, mode);
}

ssize_t write(int descriptor, const void* data, size_t size) {
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  count_open(descriptor);
  return next(descriptor, data, size);
}

ssize_t pwrite(int descriptor, const void* data, size_t size, off_t at) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  count_open(descriptor);
  return next(descriptor, data, size, at);
}

int fsync(int descriptor) {
  static auto* const next = real<int(int)>("fsync");
  count_open(descriptor);
  return next(descriptor);
}

int rename(const char* from, const char* to) {
  static auto* const next = real<int(const char*, const char*)>("rename");
  count(from);
  if (is_full(from)) {
    errno = ENOSPC;
    return -1;
  }
  return next(from, to);
}

int link(const char* from, const char* to) {
  static auto* const next = real<int(const char*, const char*)>("link");
  count(to);
  return next(from, to);
}

int unlink(const char* path) {
  static auto* const next = real<int(const char*)>("unlink");
  count(path);
  return next(path);
}

int unlinkat(int folder, const char* name, int flags) {
  static auto* const next = real<int(int, const char*, int)>("unlinkat");
  count_open(folder, name);
  return next(folder, name, flags);
}

int remove(const char* path) {
  static auto* const next = real<int(const char*)>("remove");
  count(path);
  return next(path);
}

int mkdir(const char* path, mode_t mode) {
  static auto* const next = real<int(const char*, mode_t)>("mkdir");
  count(path);
  return next(path, mode);
}

}  // extern "C"
