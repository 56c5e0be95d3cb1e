#pragma once

#include <optional>

namespace malet::exec {

/// Catches and counts the signals that end jobs (INT, TERM, HUP, USR1, USR2, XCPU) during its life.
/// Watches may be nested: the outermost one counts. All must belong to one thread.
class SignalWatch {
 public:
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  /// The first signal, if any.
  [[nodiscard]] static std::optional<int> first();
  /// The number of signals.
  [[nodiscard]] static int count();
};

}  // namespace malet::exec
