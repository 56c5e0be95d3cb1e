#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>

#include "base/claims/claim_file.hpp"
#include "base/claims/writer_file.hpp"
#include "base/claims/writer_holder.hpp"
#include "base/files/descriptor.hpp"
#include "base/files/helper_thread.hpp"

namespace malet::base {

/// A writer file that belongs to this process. The destructor removes it, unless another job has
/// replaced it.
///
/// A new file is written under another name and linked to its own, or made by O_EXCL where links do
/// not work. A dead holder's file is replaced by rename under a lock on it, so that one of two jobs
/// that try wins; where locks do not work the last one wins, and warning() says so.
class WriterClaim {
 public:
  /// Makes missing folders. Throws Error(refused) with one sentence when another job writes,
  /// Error(bad_input) with path and reason when the file cannot be made.
  WriterClaim(std::filesystem::path path, const Writer& writer, const ClaimMeans& means);
  WriterClaim(const WriterClaim&) = delete;
  WriterClaim& operator=(const WriterClaim&) = delete;
  ~WriterClaim();

  /// Whether the file of that name still holds our token. True also when it cannot be opened, as
  /// for lack of descriptors.
  [[nodiscard]] bool still_ours() const;
  /// Sets our file's time to now; never that of a file that has replaced it.
  void touch() const;
  /// One sentence for the user; empty when there is nothing to say.
  [[nodiscard]] const std::string& warning() const { return warning_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  [[nodiscard]] bool make(Draft& draft);
  [[nodiscard]] bool make_exclusively();
  [[nodiscard]] bool take_over(Draft& draft);
  [[nodiscard]] bool replace(const Descriptor& old, Draft& draft);
  [[nodiscard]] FileLock lock(const Descriptor& file);

  std::filesystem::path path_;
  std::string token_;
  std::string text_;
  ClaimMeans means_;
  std::string warning_;
  Descriptor file_;
};

/// The right to write a log, held as LOG.writer. A thread touches the file every 10 s, so that
/// other machines know that this process is alive.
///
/// A process that was stopped for minutes may lose the right: ask still_ours() before each
/// snapshot. Do not use it in a child after fork.
class WriterLock {
 public:
  static constexpr std::chrono::milliseconds usual_interval{10'000};

  /// Acquires; makes missing folders of the log. Throws Error(refused) when another job writes this
  /// log: one sentence with the file, the holder and what to do; Error(bad_input) with path and
  /// reason when the file cannot be made.
  WriterLock(const std::filesystem::path& log, WriterRole role,
             std::chrono::milliseconds interval = usual_interval, const ClaimMeans& means = {});
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  /// Removes the file, unless another job has replaced it.
  ~WriterLock();

  // As in WriterClaim. still_ours() reads the file.
  [[nodiscard]] bool still_ours() const { return claim_.still_ours(); }
  [[nodiscard]] const std::string& warning() const { return claim_.warning(); }
  [[nodiscard]] const Writer& writer() const { return writer_; }
  /// LOG.writer
  [[nodiscard]] const std::filesystem::path& path() const { return claim_.path(); }

 private:
  void keep_touching(std::chrono::milliseconds interval);

  Writer writer_;
  WriterClaim claim_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool leaving_ = false;
  HelperThread toucher_;
};

}  // namespace malet::base
