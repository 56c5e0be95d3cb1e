#pragma once

#include <memory>

#include "sweep/channel/channel.hpp"

namespace malet::sweep {

/// MPI while it is in use: initialised by the constructor, finalised by the destructor. Once per
/// process. The only place that knows MPI.
class MpiSession {
 public:
  /// Throws Error(bad_input) where srun gave its tasks nothing by which MPI could find them.
  MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
  /// Finalises, unless the session was abandoned; then the process must end without it.
  ~MpiSession();

  [[nodiscard]] int rank() const;
  [[nodiscard]] int size() const;
  /// The channel over all ranks; valid as long as the session lives.
  [[nodiscard]] Channel& channel();
  /// Leaves MPI as it is, because some rank will not take part in its end, and removes the
  /// shared-memory files that it would leave behind.
  void abandon();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace malet::sweep
