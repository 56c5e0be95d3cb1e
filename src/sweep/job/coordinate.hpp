#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "sweep/job/coordinator.hpp"
#include "sweep/job/job.hpp"
#include "sweep/job/job_setup.hpp"
#include "sweep/recording/attempt_log.hpp"

namespace malet::sweep {

/// Rank 0's part of a job, with so many workers at the other ends of the channel.
[[nodiscard]] JobResult coordinate(Channel& channel, const Job& job, const JobSetup& setup,
                                   std::size_t workers);

/// The same for workers that are slots whose runs have processes of their own. `drive` takes turns
/// with the coordinator until it is over.
[[nodiscard]] JobResult coordinate(Channel& channel, const Job& job, const JobSetup& setup,
                                   std::size_t workers, std::vector<SlotFacts> slots,
                                   const std::function<void(Coordinator&)>& drive);

/// Lets every worker leave with that exit code.
void say_leave(Channel& channel, std::size_t workers, ExitCode code);

}  // namespace malet::sweep
