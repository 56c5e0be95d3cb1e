// Preloaded into a job, makes the disk under MALET_CHAOS_FOLDER slow or full: each write there
// takes MALET_CHAOS_WRITE_MS milliseconds, each sync MALET_CHAOS_SYNC_MS, and of a hundred writes
// MALET_CHAOS_FULL fail, by chance from MALET_CHAOS_SEED.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <thread>

namespace {

long number(const char* name) {
  const char* text = std::getenv(name);
  return text == nullptr ? 0 : std::strtol(text, nullptr, 10);
}

/// Whether the descriptor is of a file in the folder.
bool is_ours(int descriptor) {
  const char* folder = std::getenv("MALET_CHAOS_FOLDER");
  if (folder == nullptr) return false;
  std::array<char, 64> link{};
  std::array<char, 4096> path{};
  std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
  const ssize_t size = ::readlink(link.data(), path.data(), path.size());
  return size > 0 &&
         std::string_view(path.data(), static_cast<std::size_t>(size)).starts_with(folder);
}

void rest(const char* name) {
  std::this_thread::sleep_for(std::chrono::milliseconds(number(name)));
}

/// A number from 0 to 99 (splitmix64).
long draw() {
  static std::atomic<std::uint64_t> state{
      static_cast<std::uint64_t>(number("MALET_CHAOS_SEED") * 1000 + ::getpid())};
  std::uint64_t bits = state.fetch_add(0x9E3779B97F4A7C15ULL);
  bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBULL;
  return static_cast<long>((bits >> 33U) % 100);
}

bool is_full() {
  if (draw() >= number("MALET_CHAOS_FULL")) return false;
  errno = ENOSPC;
  return true;
}

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int descriptor, const void* data, size_t size) {
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  if (!is_ours(descriptor)) return next(descriptor, data, size);
  rest("MALET_CHAOS_WRITE_MS");
  // A full disk takes a part of what it is given.
  if (is_full()) return size > 1 ? next(descriptor, data, size / 2) : -1;
  return next(descriptor, data, size);
}

ssize_t pwrite(int descriptor, const void* data, size_t size, off_t at) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  if (!is_ours(descriptor)) return next(descriptor, data, size, at);
  rest("MALET_CHAOS_WRITE_MS");
  if (!is_full()) return next(descriptor, data, size, at);
  if (size > 1) (void)next(descriptor, data, size / 2, at);
  errno = ENOSPC;
  return -1;
}

int fsync(int descriptor) {
  static auto* const next = real<int(int)>("fsync");
  if (!is_ours(descriptor)) return next(descriptor);
  rest("MALET_CHAOS_SYNC_MS");
  return is_full() ? -1 : next(descriptor);
}

int fdatasync(int descriptor) {
  static auto* const next = real<int(int)>("fdatasync");
  if (is_ours(descriptor)) rest("MALET_CHAOS_SYNC_MS");
  return next(descriptor);
}

}  // extern "C"
