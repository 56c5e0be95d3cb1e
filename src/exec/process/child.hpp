#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/files/descriptor.hpp"

namespace malet::exec {

/// How to start a child process.
struct ChildSpec {
  std::vector<std::string> arguments;    ///< the program, looked for on the PATH, comes first
  std::vector<std::string> environment;  ///< `NAME=value`, all of it
  int out = -1;                          ///< its stdout; /dev/null where negative
  int err = -1;
  std::vector<int> inherited = {};  ///< descriptors it gets as 3, 4, ...; nothing else is passed on
  bool own_session = false;         ///< a session of its own, which its group is in
};

/// How a child ended.
struct ChildEnd {
  bool by_signal = false;
  int code = 0;  ///< exit code, or signal
  double cpu_seconds = 0;
  /// Largest resident size in bytes; 0 where it was not above this process's own, which a child
  /// inherits in the kernel's books.
  std::uint64_t peak_memory = 0;
};

/// A child process in a process group of its own, stdin /dev/null, USR1, USR2 and XCPU blocked, as
/// Slurm sends them to all processes of a step, other signals as at login.
///
/// Started by posix_spawn: a fork would copy the page tables of a rank that may hold gigabytes.
/// A Child that is destroyed kills its group and collects the process.
class Child {
 public:
  /// Throws std::system_error when the program cannot be started: there is none, or it cannot be
  /// executed.
  explicit Child(const ChildSpec& spec);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// A descriptor that is readable once the child has ended; -1 where the kernel has none, so that
  /// one must ask now and then.
  [[nodiscard]] int end_descriptor() const { return pidfd_.get(); }
  /// How it ended; nothing while it runs. The answer is given again when asked again.
  [[nodiscard]] const std::optional<ChildEnd>& poll();
  /// Waits for the end.
  const ChildEnd& wait();
  /// Sends a signal to the whole group. When the leader's end is collected, what is left of its
  /// group is killed.
  void signal_group(int signal) const;

 private:
  void collect(int options);
  void destroy();

  pid_t pid_ = -1;
  long inherited_peak_ = 0;  // as ru_maxrss
  base::Descriptor pidfd_;
  std::optional<ChildEnd> end_;
};

}  // namespace malet::exec
