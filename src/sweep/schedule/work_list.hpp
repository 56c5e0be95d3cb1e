#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "malet/config_iter.hpp"
#include "sweep/channel/message.hpp"

namespace malet::sweep {

/// The configs that are to be run, in the order in which they are handed out: those never run, then
/// those that were interrupted, then those that failed.
///
/// The never-run ones are not listed but found by going through the grid, so that a sweep of a
/// billion configs takes no memory, unless they are to be sorted.
class WorkList {
 public:
  /// What stands against a config being new.
  struct Known {
    /// First indices, sorted, of configs that are not new: complete, interrupted or failed.
    std::vector<std::uint64_t> seen;
    std::vector<std::uint64_t> interrupted;  ///< in the order in which they run again
    std::vector<std::uint64_t> failed;
    /// How long the config of that number is likely to run, where the longest are to come first;
    /// then the configs are listed, which takes 8 bytes each.
    std::function<double(std::uint64_t index)> expected;
  };

  /// \param configs the configs this is about. A repeated config runs once, under its first index;
  ///   where that is not among `configs` (another split has it), not here.
  /// \param known of the whole grid; what is not among `configs` is passed over.
  /// \param may_repeat whether the grid can hold a config more than once (costs a look at each).
  /// \param shuffled hand out new configs in a fixed shuffle instead of grid order; does nothing
  ///   where durations are expected.
  WorkList(ConfigIter configs, Known known, bool may_repeat, bool shuffled);

  /// Takes up to `count` configs, fewer only when no more are left.
  [[nodiscard]] std::vector<IndexRange> take(std::uint64_t count);
  /// Puts back what was taken and not run; it is handed out next.
  void put_back(const std::vector<IndexRange>& ranges);
  /// Adds configs that are none of those it was made with; they come before these.
  void add(const std::vector<IndexRange>& ranges);
  /// Number of configs left.
  [[nodiscard]] std::uint64_t remaining() const { return remaining_; }

 private:
  void take_new(std::uint64_t& count, std::vector<IndexRange>& taken);
  void list_longest_first();
  [[nodiscard]] std::uint64_t position_at(std::uint64_t turn) const;
  [[nodiscard]] bool is_new(std::uint64_t index, std::size_t& cursor) const;
  void count_new();

  ConfigIter configs_;
  Known known_;
  bool may_repeat_;
  bool shuffled_;
  std::vector<IndexRange> returned_;
  std::deque<IndexRange> added_;
  std::uint64_t turn_ = 0;  // how many positions of configs_ have been looked at
  std::uint64_t remaining_ = 0;
  std::vector<std::uint64_t> longest_first_;  // new configs where durations are expected
  std::size_t listed_taken_ = 0;
  std::size_t seen_cursor_ = 0;  // in grid order: where among the seen ones it stands
  std::size_t interrupted_taken_ = 0;
  std::size_t failed_taken_ = 0;
};

/// Appends an index to ranges, lengthening the last range where it continues it.
void append_index(std::vector<IndexRange>& ranges, std::uint64_t index);

}  // namespace malet::sweep
