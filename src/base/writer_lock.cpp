#include "base/writer_lock.hpp"

#include <csignal>
#include <utility>

#include "base/paths.hpp"

namespace malet::base {

namespace {

/// Threads that are started while it lives get no signals: those are for the threads of the
/// program.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

WriterLock::WriterLock(const std::filesystem::path& log, WriterRole role,
                       std::chrono::milliseconds interval, const ClaimMeans& means)
    : writer_(this_writer(std::move(role))), claim_(paths::writer(log), writer_, means) {
  const SignalsBlocked blocked;
  toucher_ = std::thread([this, interval] { keep_touching(interval); });
}

WriterLock::~WriterLock() {
  {
    const std::lock_guard lock(mutex_);
    leaving_ = true;
  }
  wake_.notify_all();
  toucher_.join();
}

void WriterLock::keep_touching(std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return leaving_; })) claim_.touch();
}

}  // namespace malet::base
