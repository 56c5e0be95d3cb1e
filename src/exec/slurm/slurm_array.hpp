#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace malet::exec {

/// A task of a Slurm job array, as Slurm tells it: its own index, and those of the array. `count`
/// is the number of tasks that were submitted, whatever `%limit` lets run at a time.
struct ArrayTask {
  std::string job;  ///< the array's number
  std::uint64_t index = 0;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t step = 1;
  std::uint64_t count = 1;
};

/// One of so many parts, from 0 on.
struct ArrayPart {
  std::uint64_t part = 0;
  std::uint64_t parts = 1;
};

/// The task that this process is part of. Nothing outside of job arrays.
///
/// Looks at SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID, _MIN, _MAX, _STEP and _COUNT.
[[nodiscard]] std::optional<ArrayTask> slurm_array_task();

/// Which part of its array a task is, where the array is complete: its indices are `first` to
/// `last` by `step`, and all of them are there. Nothing for a list with gaps, as `--array=2,5`.
[[nodiscard]] std::optional<ArrayPart> array_part(const ArrayTask& task);

}  // namespace malet::exec
