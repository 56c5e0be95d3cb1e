#pragma once

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/files/descriptor.hpp"

/// Small files by which processes claim something: each is made whole, by one process alone, and
/// replaced by rename under a lock on the old one.
namespace malet::base {

/// Locks all of a file for writing, by fcntl and without waiting, until the descriptor is closed.
/// 0, or -1 with errno, as fcntl.
int lock_file(int descriptor);

/// What a claim is made with; tests replace it.
struct ClaimMeans {
  std::chrono::milliseconds settle{100};  ///< rest before the token is read again
  int (*link)(const char* from, const char* to) = ::link;
  int (*lock)(int descriptor) = lock_file;
};

/// How an attempt to lock a file ended.
enum class FileLock { held, busy, unsupported };

/// Tries to lock; unsupported, with errno, where locks do not work.
[[nodiscard]] FileLock try_lock(const ClaimMeans& means, const Descriptor& file);

/// A new file with that text, open for both; or none of that name and errno.
/// \param on_disk whether a crash of the machine may not take it back.
[[nodiscard]] Descriptor new_file(const std::filesystem::path& path, std::string_view text,
                                  bool on_disk = true);

/// A file that is to be locked, or none and errno. Open for reading only where it may not be
/// written: then it cannot be locked either.
[[nodiscard]] Descriptor open_old(const std::filesystem::path& path);

/// The file that bears the name now, for reading; or none and errno.
[[nodiscard]] Descriptor open_named(const std::filesystem::path& path);

[[nodiscard]] bool is_same_file(const Descriptor& one, const Descriptor& other);

/// Whether that error of link says that there are no links here, or no more to this file.
[[nodiscard]] bool links_do_not_work(int error);

/// What is in an open file of some hundred bytes, from its beginning; of a longer one 16 KiB.
[[nodiscard]] std::string small_text(int descriptor);

}  // namespace malet::base
