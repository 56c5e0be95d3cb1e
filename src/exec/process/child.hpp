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
  int out = -1;                          ///< its stdout; /dev/null if negative
  int err = -1;                          ///< its stderr; /dev/null if negative
  std::vector<int> inherited = {};       ///< descriptors that it gets as 3, 4, ...
  bool own_session = false;              ///< starts a session, not only a process group
};

/// How a child ended.
struct ChildEnd {
  bool by_signal = false;
  int code = 0;  ///< exit code, or signal
  double cpu_seconds = 0;
  /// Largest resident memory in bytes; 0 if it was not above that of this process, which the kernel
  /// counts for a new child, too.
  std::uint64_t peak_memory = 0;
};

/// A child process in its own process group. Its stdin is /dev/null. USR1, USR2 and XCPU are
/// blocked, since Slurm sends them to all processes of a step; other signals have their defaults.
///
/// Started by posix_spawn, since fork would copy the page tables of a rank that may hold gigabytes.
/// The destructor kills the group and collects the process.
class Child {
 public:
  /// Throws std::system_error if the program is missing or cannot be executed.
  explicit Child(const ChildSpec& spec);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// A descriptor that is readable once the child has ended; -1 if the kernel has none, so that the
  /// caller must poll() now and then.
  [[nodiscard]] int end_descriptor() const { return pidfd_.get(); }
  /// How it ended; nothing while it runs. Can be called again.
  [[nodiscard]] const std::optional<ChildEnd>& poll();
  /// Waits for the end.
  const ChildEnd& wait();
  /// Sends a signal to the whole group. poll() and wait() kill the rest of the group once the child
  /// has ended.
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
