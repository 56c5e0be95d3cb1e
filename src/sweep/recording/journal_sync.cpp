#include "sweep/recording/journal_sync.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

namespace malet::sweep {

namespace {

constexpr std::chrono::milliseconds longest_delay(900);

}  // namespace

struct JournalSync::Result {
  std::mutex mutex;
  std::string error;

  void sync(const Files& files) {
    std::string failed;
    for (const auto& [journal, file] : files) {
      if (::fdatasync(file.descriptor.get()) == 0 || errno == EINVAL || errno == EROFS) continue;
      failed = fmt::format("a journal cannot be synced to disk: {}", std::strerror(errno));
    }
    const std::lock_guard lock(mutex);
    error = std::move(failed);
  }
};

void JournalSync::add(const record::Journal& journal, bool soon) {
  if (mode_ == Sync::never) return;
  if (!result_) result_ = std::make_shared<Result>();
  const auto now = Clock::now();
  if (files_.empty()) due_ = now + longest_delay;
  if (soon) due_ = now;
  File& file = files_[&journal];
  if (file.descriptor.get() < 0 || file.id != journal.file_id()) {
    file = {journal.file_id(), journal.duplicate()};
  }
  if (mode_ == Sync::always) {
    result_->sync(files_);
    files_.clear();
  }
}

void JournalSync::turn(Clock::time_point now) {
  if (files_.empty() || now < due_ || thread_.is_busy()) return;
  before_ = std::exchange(begun_, now);
  auto files = std::make_shared<Files>(std::exchange(files_, {}));
  thread_.start([files, result = result_] { result->sync(*files); });
}

JournalSync::Clock::time_point JournalSync::on_disk_until() const {
  if (thread_.is_busy()) return before_;
  return files_.empty() ? Clock::time_point::max() : begun_;
}

std::string JournalSync::error() const {
  if (!result_) return {};
  const std::lock_guard lock(result_->mutex);
  return result_->error;
}

}  // namespace malet::sweep
