#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace malet::exec {

/// What of Slurm's configuration jobs must know.
struct SlurmConfig {
  std::optional<std::uint64_t> max_array_size;  ///< an array has at most so many tasks
  std::optional<std::uint64_t> max_job_count;   ///< Slurm knows at most so many jobs at a time
  bool starts_pmix = true;                      ///< srun does so by itself; taken to be so
};

/// Reads what `scontrol show config` prints: `Name = value` lines. What is not there is not known.
[[nodiscard]] SlurmConfig parse_slurm_config(std::string_view text);

/// Asks scontrol. Nothing is known where it does not answer in time.
[[nodiscard]] SlurmConfig slurm_config(std::chrono::milliseconds patience);

}  // namespace malet::exec
