#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/files/descriptor.hpp"

/// Small files by which processes claim something. One process makes each of them as a whole; it is
/// replaced by rename under a lock on the old file.
namespace malet::base {

/// Locks a whole file for writing with fcntl, without waiting, until the descriptor is closed.
/// Returns 0, or -1 with errno.
int lock_file(int descriptor);

/// The system calls and the pause of a claim; tests replace them.
struct ClaimMeans {
  std::chrono::milliseconds settle{100};  ///< pause before the token is read again
  int (*link)(const char* from, const char* to) = ::link;
  int (*lock)(int descriptor) = lock_file;
};

/// How an attempt to lock a file ended.
enum class FileLock { held, busy, unsupported };

/// Tries to lock; unsupported, with errno, where locks do not work.
[[nodiscard]] FileLock try_lock(const ClaimMeans& means, const Descriptor& file);

/// Makes a file with that text, open for reading and writing. On failure there is no such file, the
/// result is closed and errno says why.
/// \param on_disk whether to sync it, so that it survives a crash of the machine.
[[nodiscard]] Descriptor new_file(const std::filesystem::path& path, std::string_view text,
                                  bool on_disk = true);

/// A new file that gets its name by link or rename once it is written. The destructor removes it
/// unless it was renamed.
class Draft {
 public:
  /// \param on_disk as for new_file.
  Draft(std::filesystem::path path, std::string_view text, bool on_disk)
      : path_(std::move(path)), file_(new_file(path_, text, on_disk)), is_made_(file_.is_open()) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    if (is_made_) ::unlink(path_.c_str());
  }

  /// False, with errno, when it could not be written.
  [[nodiscard]] bool is_made() const { return is_made_; }
  [[nodiscard]] const char* path() const { return path_.c_str(); }
  /// The file, open for reading and writing.
  [[nodiscard]] Descriptor take() { return std::move(file_); }
  /// Renames it, over what is there; false, with errno, on failure.
  [[nodiscard]] bool take_name(const std::filesystem::path& path) const {
    return is_made_ && std::rename(path_.c_str(), path.c_str()) == 0;
  }

 private:
  std::filesystem::path path_;
  Descriptor file_;
  bool is_made_;
};

/// Opens a file to lock it; closed with errno on failure. Opens for reading only when it may not be
/// written: then it cannot be locked either.
[[nodiscard]] Descriptor open_old(const std::filesystem::path& path);

/// Opens the file that has the name now, for reading; closed with errno on failure.
[[nodiscard]] Descriptor open_named(const std::filesystem::path& path);

[[nodiscard]] bool is_same_file(const Descriptor& one, const Descriptor& other);

/// Whether this errno of link means that the file system has no links, or no more for this file.
[[nodiscard]] bool links_do_not_work(int error);

/// The content of an open file, at most its first 16 KiB.
[[nodiscard]] std::string small_text(int descriptor);

}  // namespace malet::base
