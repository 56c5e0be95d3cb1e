#pragma once

#include <cstdint>

#include "sweep/forecast/remaining_cost.hpp"

namespace malet::sweep {

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
