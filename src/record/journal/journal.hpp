#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/files/descriptor.hpp"

namespace malet::record {

/// The file behind a log that is being written: what happened since the log's last snapshot.
///
/// A journal is begun as a file of its own that takes the name at once and whole, so that neither a
/// crash nor another writer's old journal can get between its records. Records are appended in
/// memory and written by flush(), one write for all of them.
class Journal {
 public:
  /// \param beginning the header and what else the journal begins with.
  /// Throws Error(internal) with path and reason, and then leaves the file as it was.
  Journal(std::filesystem::path file, std::string_view beginning);

  /// Records that flush() will write: append to it.
  [[nodiscard]] std::string& pending() { return pending_; }
  /// Where the next record goes, in bytes from the beginning.
  [[nodiscard]] std::uint64_t end() const { return written_ + pending_.size(); }
  /// Writes pending(). On failure gives false, sets why() and keeps the records pending.
  [[nodiscard]] bool flush();
  [[nodiscard]] const std::string& why() const { return why_; }

  /// Begins the file anew with `beginning` and the records from `from` on. Throws Error(internal),
  /// and then goes on with the old file.
  /// \param last_check called right before the new file takes the name; may throw.
  void restart(std::string_view beginning, std::uint64_t from,
               const std::function<void()>& last_check = {});
  /// Removes the file: everything that it says is in a snapshot.
  void remove();

  /// Tells the file that it writes from every other one of this process: descriptors of one that it
  /// wrote before are out of date.
  [[nodiscard]] std::uint64_t file_id() const { return file_id_; }
  /// A descriptor of its own of the file, for those who see that it reaches the disk.
  [[nodiscard]] base::Descriptor duplicate() const;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  [[nodiscard]] std::string records_from(std::uint64_t from) const;

  std::filesystem::path path_;
  base::Descriptor file_;
  std::string pending_;
  std::uint64_t written_ = 0;
  std::uint64_t file_id_;
  std::string why_;
};

}  // namespace malet::record
