#include "base/files/helper_thread.hpp"

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>
#include <utility>

namespace malet::base {

struct HelperThread::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::function<void()> task;  // what is in work
  bool busy = false;
  bool over = false;
  std::thread thread;

  void serve() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [this] { return over || busy; });
      if (!busy) return;
      const auto work = std::exchange(task, nullptr);
      lock.unlock();
      work();
      lock.lock();
      busy = false;
      changed.notify_all();
    }
  }
};

namespace {

/// Starts a thread that gets no signals.
std::thread start_quiet(std::function<void()> work) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(work));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

HelperThread::HelperThread() = default;
HelperThread::HelperThread(HelperThread&&) noexcept = default;
HelperThread& HelperThread::operator=(HelperThread&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

HelperThread::~HelperThread() {
  if (!state_) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->over = true;
  }
  state_->changed.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

bool HelperThread::is_busy() const {
  if (!state_) return false;
  const std::lock_guard lock(state_->mutex);
  return state_->busy;
}

void HelperThread::start(std::function<void()> task) {
  if (!state_) {
    state_ = std::make_shared<State>();
    state_->thread = start_quiet([state = state_] { state->serve(); });
  }
  {
    const std::lock_guard lock(state_->mutex);
    state_->task = std::move(task);
    state_->busy = true;
  }
  state_->changed.notify_all();
}

void HelperThread::wait() {
  if (!state_) return;
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [this] { return !state_->busy; });
}

void HelperThread::abandon() {
  if (!state_) return;
  state_->thread.detach();
  const std::lock_guard lock(state_->mutex);
  state_->over = true;
  state_->changed.notify_all();
}

}  // namespace malet::base
