#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::exec {

/// The end of an allocation, as time since the epoch, from the output of `squeue -h -O EndTime`:
/// `2026-11-25T14:00:00` in local time between blanks. Nothing for any other text: `N/A` (a Slurm
/// job that has not begun), several lines, an error message.
[[nodiscard]] std::optional<std::chrono::seconds> parse_squeue_end(std::string_view text);

/// The time until the Slurm allocation of this process ends. Nothing outside of Slurm, or when
/// unknown.
///
/// Reads SLURM_JOB_END_TIME. If that is missing (Slurm before 23) or past, asks squeue once, which
/// may take some seconds; a signal that ends jobs (SignalWatch) cuts this short.
[[nodiscard]] std::optional<std::chrono::seconds> slurm_time_left();

/// A task of a Slurm job array: its own index, and those of the array.
struct ArrayTask {
  std::string job;  ///< the array's number
  std::uint64_t index = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t step = 1;
  std::uint64_t count = 1;  ///< of submitted tasks, whatever `%limit` lets run at a time
};

/// One of several parts, counted from 0.
struct ArrayPart {
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
};

/// The array task of this process, by SLURM_ARRAY_JOB_ID and SLURM_ARRAY_TASK_ID, _MIN, _MAX, _STEP
/// and _COUNT. Nothing outside of job arrays.
[[nodiscard]] std::optional<ArrayTask> slurm_array_task();

/// Which part of its array a task is. Nothing for an array with gaps, as `--array=2,5`.
[[nodiscard]] std::optional<ArrayPart> array_part(const ArrayTask& task);

}  // namespace malet::exec
