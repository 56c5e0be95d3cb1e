#include "base/claims/writer_lock.hpp"

#include <utility>

#include "base/files/paths.hpp"

namespace malet::base {

WriterLock::WriterLock(const std::filesystem::path& log, WriterRole role,
                       std::chrono::milliseconds interval, const ClaimMeans& means)
    : writer_(this_writer(std::move(role))), claim_(paths::writer(log), writer_, means) {
  toucher_.start([this, interval] { keep_touching(interval); });
}

WriterLock::~WriterLock() {
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
  }
  wake_.notify_all();
  toucher_.wait();
}

void WriterLock::keep_touching(std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return leaving_; })) claim_.touch();
}

}  // namespace malet::base
