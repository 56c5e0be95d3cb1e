#pragma once

#include <optional>

namespace malet::exec {

/// Catches the signals that end jobs (INT, TERM, HUP, USR1, USR2, XCPU) while it lives, and only
/// notes them: whoever runs the job asks. A watch inside another one's life changes nothing: the
/// signals that have come stay noted. Watches of one process belong to one thread.
class SignalWatch {
 public:
  SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch();

  /// The first signal that came, if any.
  [[nodiscard]] static std::optional<int> first();
  /// How many came.
  [[nodiscard]] static int count();
};

}  // namespace malet::exec
