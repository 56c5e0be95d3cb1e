#pragma once

#include <string>

#include "sweep/channel/mpi_channel.hpp"
#include "sweep/job/job.hpp"
#include "sweep/job/job_setup.hpp"

/// Jobs whose runs have processes of their own: every rank is a supervisor, and rank 0 both
/// coordinates and supervises in one loop.
namespace malet::sweep {

/// Rank 0's part; `session` is null without a launcher.
[[nodiscard]] JobResult coordinate_hosts(const Job& job, const JobSetup& setup,
                                         MpiSession* session);

/// The part of every other rank. Returns rank 0's exit code.
[[nodiscard]] ExitCode supervise_as_rank(const Job& job, MpiSession& session);

/// The map of all ranks' devices as text; empty on ranks other than 0.
[[nodiscard]] std::string exchange_gpu_map(const ExperimentOptions& options, GpuMapForm form,
                                           MpiSession* session);

}  // namespace malet::sweep
