#pragma once

#include <memory>
#include <string>
#include <utility>

namespace malet {

namespace base {
class WriterLock;
}

/// The right to write a log, held until the last copy is gone (ExperimentLog::lock_file). Empty
/// when default constructed, or of a log that does not use a file lock.
class LogLock {
 public:
  LogLock() = default;
  explicit LogLock(std::shared_ptr<base::WriterLock> lock) : lock_(std::move(lock)) {}

  /// Whether a lock is held, and its file is still this process's: one that was stopped for
  /// minutes may have been taken for dead.
  [[nodiscard]] bool is_held() const;
  /// What the user should know, say that the file system has no locks; or empty.
  [[nodiscard]] std::string warning() const;

 private:
  std::shared_ptr<base::WriterLock> lock_;
};

}  // namespace malet
