#include "exec/slurm/slurm_array.hpp"

#include "exec/process/environment.hpp"

namespace malet::exec {

std::optional<ArrayTask> slurm_array_task() {
  const auto job = number_variable("SLURM_ARRAY_JOB_ID");
  const auto index = number_variable("SLURM_ARRAY_TASK_ID");
  if (!job || !index) return std::nullopt;
  const auto first = number_variable("SLURM_ARRAY_TASK_MIN");
  const auto last = number_variable("SLURM_ARRAY_TASK_MAX");
  const auto step = number_variable("SLURM_ARRAY_TASK_STEP");
  const auto count = number_variable("SLURM_ARRAY_TASK_COUNT");
  // Without them nobody can tell that the array is complete: a count of 0 says so.
  return ArrayTask{std::to_string(*job),  *index,           first.value_or(*index),
                   last.value_or(*index), step.value_or(1), count.value_or(0)};
}

std::optional<ArrayPart> array_part(const ArrayTask& task) {
  const bool is_sound =
      task.count > 0 && task.step > 0 && task.first <= task.index && task.index <= task.last;
  if (!is_sound) return std::nullopt;
  const std::uint64_t span = task.last - task.first;
  const bool is_complete = span % task.step == 0 && span / task.step == task.count - 1;
  const std::uint64_t before = task.index - task.first;
  if (!is_complete || before % task.step != 0) return std::nullopt;
  return ArrayPart{before / task.step, task.count};
}

}  // namespace malet::exec
