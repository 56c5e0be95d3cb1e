#pragma once

#include <memory>
#include <string>
#include <utility>

namespace malet {

namespace base {
class WriterLock;
}

/// The right to write a log, held until the last copy is gone (ExperimentLog::lock_file). A default
/// constructed one holds nothing, nor does that of a log without a file lock.
class LogLock {
 public:
  LogLock() = default;

  /// Whether a lock is held and its file still names this process. After a stop of minutes another
  /// process may have taken this one for dead, and the lock with it.
  [[nodiscard]] bool is_held() const;
  /// A sentence for the user where the lock is unsure, as on a file system without locks; else
  /// empty.
  [[nodiscard]] std::string warning() const;

 private:
  friend class ExperimentLog;
  explicit LogLock(std::shared_ptr<base::WriterLock> lock) : lock_(std::move(lock)) {}

  std::shared_ptr<base::WriterLock> lock_;
};

}  // namespace malet
