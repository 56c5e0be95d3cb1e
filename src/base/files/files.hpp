#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/files/descriptor.hpp"

namespace malet::base {

/// The whole content of a file. Throws Error(bad_input) naming the path and the system's reason;
/// a folder, or anything that is no regular file, is such an error too.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// Sees that a file may take the place of what stands at a path: a file, or nothing yet. Throws
/// Error(bad_input) for a path without a name, a folder, and what is no regular file, as a device.
void require_replaceable(const std::filesystem::path& path);

/// Appends lines to a file, which is made if need be, by one write. Tells whether all of it could
/// be written; what was written of it in part is taken back. A last line that a crash cut off is
/// ended first.
[[nodiscard]] bool append_to_file(const std::filesystem::path& path, std::string_view text);

/// A file that replaces another one as a whole: written beside it, and put in its place by
/// commit() with fsync, rename and fsync of the folder. Without commit nothing has happened.
///
/// Missing folders are made. Every failure is an Error(internal) with path and reason, and the
/// temporary file is removed.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  /// Appends; buffered.
  void write(std::string_view text);
  /// \param last_check called right before the rename; when it throws nothing has happened.
  void commit(const std::function<void()>& last_check = {});
  /// The same; gives the file, open for reading and writing.
  [[nodiscard]] Descriptor commit_open(const std::function<void()>& last_check = {});

  // Of what was written, once it is committed.
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

/// Makes renames and removals in the folder last. File systems that cannot sync a folder do it by
/// themselves; one that is not there needs nothing.
void sync_folder(const std::filesystem::path& folder);

/// As AtomicFile, for a file that a library writes: to be written as temporary(), and ended, before
/// commit().
class AtomicPath {
 public:
  explicit AtomicPath(std::filesystem::path path);
  AtomicPath(const AtomicPath&) = delete;
  AtomicPath& operator=(const AtomicPath&) = delete;
  ~AtomicPath();

  [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }
  /// \param last_check called right before the rename; when it throws nothing has happened.
  void commit(const std::function<void()>& last_check = {});

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
};

/// Removes what AtomicFiles and AtomicPaths for that path left that could not end, since their
/// process was killed. Only for who alone writes the path.
void remove_temporaries(const std::filesystem::path& path);
/// The same for every path in a folder, if it is there.
void remove_temporaries_in(const std::filesystem::path& folder);

}  // namespace malet::base
