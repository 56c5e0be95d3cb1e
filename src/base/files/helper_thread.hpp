#pragma once

#include <functional>
#include <memory>

namespace malet::base {

/// A thread that runs tasks for its owner, one at a time. It receives no signals.
class HelperThread {
 public:
  /// The thread starts with the first task.
  HelperThread();
  HelperThread(HelperThread&&) noexcept;
  HelperThread& operator=(HelperThread&&) noexcept;
  /// Waits for the running task, unless it was abandoned.
  ~HelperThread();

  /// Whether a task is running.
  [[nodiscard]] bool is_busy() const;
  /// Starts a task, which must not throw; none may be running. The owner sees the task's writes
  /// once is_busy() is false.
  void start(std::function<void()> task);
  /// Waits until no task is running.
  void wait();
  /// Stops waiting for the running task. It must own everything it uses; the process is about to
  /// end.
  void abandon();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace malet::base
