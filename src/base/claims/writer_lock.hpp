#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>

#include "base/claims/writer_claim.hpp"
#include "base/claims/writer_file.hpp"
#include "base/files/helper_thread.hpp"

namespace malet::base {

/// The right to write a log, held as LOG.writer. While it lives a thread of its own touches the
/// file every 10 s, so that other machines know that we live.
///
/// A process that was stopped for minutes may lose it: ask still_ours() before each snapshot. It is
/// not for use in a child after fork.
class WriterLock {
 public:
  static constexpr std::chrono::milliseconds usual_interval{10'000};

  /// Acquires. Missing folders of the log are made. Throws Error(refused) when somebody else writes
  /// this log: one sentence with the file, the holder and what to do; Error(bad_input) with path
  /// and reason when the file cannot be made.
  WriterLock(const std::filesystem::path& log, WriterRole role,
             std::chrono::milliseconds interval = usual_interval, const ClaimMeans& means = {});
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  /// Removes the file, unless it has become somebody else's.
  ~WriterLock();

  /// Whether the file is there and holds our token. Reads the file. True also where that cannot be
  /// told.
  [[nodiscard]] bool still_ours() const { return claim_.still_ours(); }
  /// What the user should know, one sentence; or empty.
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
