#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/files/descriptor.hpp"

namespace malet::base {

/// Whether there is something at a path, following links; false also when that cannot be told.
[[nodiscard]] bool exists(const std::filesystem::path& path);

/// Whether there is something of that name, even a link that leads nowhere. Throws Error(bad_input)
/// when that cannot be told.
[[nodiscard]] bool is_there(const std::filesystem::path& path);

/// The paths in a folder, in no order. `error` says why some may be missing.
[[nodiscard]] std::vector<std::filesystem::path> entries(const std::filesystem::path& folder,
                                                         std::error_code& error);

/// The whole content of a file. Throws Error(bad_input) naming the path and the system's reason,
/// also for a folder and anything else that is no regular file.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Fills `to` from an open file at position `at`; gives how many bytes there were. errno is 0 then,
/// or the reason why reading ended early.
[[nodiscard]] std::size_t read_at(int descriptor, std::span<char> to, std::uint64_t at);

/// Writes all of a text; false with errno on failure.
[[nodiscard]] bool write_all(int descriptor, std::string_view text);

/// CRC-32 (ISO 3309, as in gzip) of a text, or of its continuation: `before` is the checksum of
/// what stands in front.
[[nodiscard]] std::uint32_t checksum(std::string_view text, std::uint32_t before = 0);

/// Checks that a file may be written at a path: there is a regular file, or nothing. Throws
/// Error(bad_input) for a path without a name, a folder, a device and the like.
void require_replaceable(const std::filesystem::path& path);

/// Appends lines to a file by one write, and makes the file when it is missing. A last line that a
/// crash cut off is ended first. False when not all could be written: what was written is taken
/// back.
[[nodiscard]] bool append_to_file(const std::filesystem::path& path, std::string_view text);

/// Replaces a file as a whole: writes a temporary file beside it, which commit() puts in its place
/// by fsync, rename and fsync of the folder. Without commit() the file stays as it was.
///
/// Makes missing folders. Every failure is an Error(internal) with path and reason, and removes the
/// temporary file.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Appends; buffered.
  void write(std::string_view text);
  /// \param last_check called right before the rename; when it throws, the file stays as it was.
  void commit(const std::function<void()>& last_check = {});
  /// As commit(); returns the file, open for reading and writing.
  [[nodiscard]] Descriptor commit_open(const std::function<void()>& last_check = {});

  // Size and checksum of the whole file, once it is committed.
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::uint32_t checksum() const { return checksum_; }

 private:
  void flush();
  [[noreturn]] void fail(const std::string& what);

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::string buffer_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint32_t checksum_ = 0;
};

/// Syncs a folder, so that renames and removals in it survive a crash. Does nothing where the file
/// system cannot sync a folder, or there is none.
void sync_folder(const std::filesystem::path& folder);

/// As AtomicFile, for a file that a library writes: it must write and close temporary() before
/// commit().
class AtomicPath {
 public:
  explicit AtomicPath(std::filesystem::path path);
  AtomicPath(const AtomicPath&) = delete;
  AtomicPath& operator=(const AtomicPath&) = delete;
  ~AtomicPath();

  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
  /// \param last_check called right before the rename; when it throws, the file stays as it was.
  void commit(const std::function<void()>& last_check = {});

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
};

/// Removes temporary files that AtomicFiles and AtomicPaths of killed processes left for `path`.
/// The caller must be the only writer of `path`.
void remove_temporaries(const std::filesystem::path& path);
/// The same for every path in a folder; the folder may be missing.
void remove_temporaries_in(const std::filesystem::path& folder);

}  // namespace malet::base
