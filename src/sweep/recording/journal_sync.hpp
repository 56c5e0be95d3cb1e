#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/files/descriptor.hpp"
#include "base/files/helper_thread.hpp"
#include "malet/options.hpp"
#include "record/journal/journal.hpp"

namespace malet::sweep {

/// Sees that what was written to journals reaches the disk: what has is not even lost with the
/// node.
class JournalSync {
 public:
  using Clock = std::chrono::steady_clock;

  explicit JournalSync(Sync mode = Sync::never) : mode_(mode) {}

  /// A journal has been written. By Sync::always it is on disk when this returns.
  /// \param soon whether what was written is worth a sync of its own: runs of a second or more.
  void add(const record::Journal& journal, bool soon);
  /// Begins a sync that is due: at most a second after what it is for was written. A thread of its
  /// own does it, since a slow disk may take long.
  void turn(Clock::time_point now);
  /// All that was written by then is on disk, as far as it is to be brought there.
  [[nodiscard]] Clock::time_point on_disk_until() const;
  /// Leaves a sync in work to itself: the process is about to end.
  void abandon() {
    if (thread_.is_busy()) thread_.abandon();
  }
  /// Why the last sync failed; empty when it did not.
  [[nodiscard]] std::string error() const;

 private:
  struct Result;
  struct File {
    std::uint64_t id = 0;  ///< Journal::file_id()
    base::Descriptor descriptor;
  };
  using Files = std::unordered_map<const record::Journal*, File>;

  Sync mode_;
  Files files_;  // to be synced
  Clock::time_point due_{};
  Clock::time_point begun_{};   // the last sync
  Clock::time_point before_{};  // the one before it
  std::shared_ptr<Result> result_;
  base::HelperThread thread_;
};

}  // namespace malet::sweep
