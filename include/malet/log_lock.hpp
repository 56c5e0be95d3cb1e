#pragma once

#include <memory>
#include <string>
#include <utility>

namespace malet {

namespace base {
class WriterLock;
}

/// The right to write a log, held until the last copy is gone (ExperimentLog::lock_file). Empty, so
/// that it holds nothing, when default constructed or of a log that does not use a file lock.
class LogLock {
 public:
  LogLock() = default;

  /// Whether a lock is held and its file is still this process's. A process that was stopped for
  /// minutes may have lost it to another, which took it for dead.
  [[nodiscard]] bool is_held() const;
  /// A sentence for the user where the lock is not sure, as on a file system without locks; else
  /// empty.
  [[nodiscard]] std::string warning() const;

 private:
  friend class ExperimentLog;
  explicit LogLock(std::shared_ptr<base::WriterLock> lock) : lock_(std::move(lock)) {}

  std::shared_ptr<base::WriterLock> lock_;
};

}  // namespace malet
