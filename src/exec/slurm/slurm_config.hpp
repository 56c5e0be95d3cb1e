#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace malet::exec {

/// The settings of Slurm that matter to a job.
struct SlurmConfig {
  std::optional<std::uint64_t> max_array_size;  ///< most tasks of an array
  std::optional<std::uint64_t> max_job_count;   ///< most Slurm jobs at a time
  bool starts_pmix = true;  ///< whether srun does so by default; true if unknown
};

/// Reads the output of `scontrol show config`: lines `Name = value`.
[[nodiscard]] SlurmConfig parse_slurm_config(std::string_view text);

/// Asks scontrol. All is unknown when it does not answer in time.
[[nodiscard]] SlurmConfig slurm_config(std::chrono::milliseconds patience);

}  // namespace malet::exec
