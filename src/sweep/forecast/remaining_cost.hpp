#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// What is left to run in a folder and how long that should take, by what its logs tell.
struct RemainingCost {
  std::uint64_t runs = 0;  ///< configs that are not complete: failed ones and running ones, too
  /// How many seconds each of them should take, in grid order; where they are too many to be looked
  /// at one by one, a sample from all over the grid.
  std::vector<double> seconds;
  // What a run may last as well, as factors: a tenth of the complete ones were faster than `low`
  // times what is expected of their like, a tenth slower than `high` times that.
  double low = 1;
  double high = 1;

  /// The seconds of all runs together.
  [[nodiscard]] double total() const;
  /// Those of the longest one.
  [[nodiscard]] double longest() const;
  /// Whether `seconds` has every run.
  [[nodiscard]] bool is_whole() const { return seconds.size() == runs; }
};

/// Nothing where no run with a duration is complete.
/// \param configs those of the folder, or some of them.
/// \param runs how many distinct ones of these are not complete.
[[nodiscard]] std::optional<RemainingCost> remaining_cost(const Folder& folder,
                                                          const ConfigIter& configs,
                                                          std::uint64_t runs);

/// What a job can do: so many runs at a time, for so many seconds.
struct JobCapacity {
  double slots = 1;
  double seconds = 0;
};

/// How many such jobs, one after the other, finish what is left. Pure.
///
/// Runs are handed out in order as slots become free, and none is started that would not end in its
/// job; so it is played through. Where runs last longer than a job, and so must go on from
/// checkpoints, and where the cost has but a sample of the runs, slots are taken to be always busy.
/// At least 1 where there is anything to run.
/// \param factor by which every run lasts longer than expected.
[[nodiscard]] std::uint64_t jobs_needed(const RemainingCost& cost, const JobCapacity& capacity,
                                        double factor = 1);

}  // namespace malet::sweep
