#pragma once

#include <functional>
#include <memory>

namespace malet::base {

/// A thread that does tasks for its owner, one at a time. Signals go to other threads.
class HelperThread {
 public:
  /// Nothing is started before the first task.
  HelperThread();
  HelperThread(HelperThread&&) noexcept;
  HelperThread& operator=(HelperThread&&) noexcept;
  /// Waits for the task in work, if it was not abandoned.
  ~HelperThread();

  /// Whether a task is in work.
  [[nodiscard]] bool is_busy() const;
  /// Begins a task, which must not throw; only when none is in work. What it wrote is to be seen by
  /// the owner once is_busy() says no.
  void start(std::function<void()> task);
  /// Waits until no task is in work.
  void wait();
  /// Leaves the task in work to itself: it must own what it uses, and the process is about to end.
  void abandon();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace malet::base
