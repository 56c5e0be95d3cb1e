#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace malet::exec {

/// Time since the epoch at which an allocation ends, as `squeue -h -O EndTime` prints it:
/// `2026-11-25T14:00:00` in local time between blanks. Nothing for any other text: `N/A` (a job
/// that has not begun), several lines, an error message.
[[nodiscard]] std::optional<std::chrono::seconds> parse_squeue_end(std::string_view text);

/// How long the Slurm allocation that this process is in lasts from now on. Nothing outside of
/// Slurm, or where nobody knows.
///
/// Looks at SLURM_JOB_END_TIME; where that is missing (Slurm before 23) or over, asks squeue once,
/// which may take some seconds. A signal that ends jobs (SignalWatch) ends the waiting.
[[nodiscard]] std::optional<std::chrono::seconds> slurm_time_left();

}  // namespace malet::exec
