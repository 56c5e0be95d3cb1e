#include "exec/slurm/allocation.hpp"

#include <fmt/format.h>

#include <ctime>
#include <string>

#include "exec/process/environment.hpp"
#include "exec/process/program_answer.hpp"
#include "exec/process/signals.hpp"

namespace malet::exec {

namespace {

using std::chrono::seconds;

// A busy controller answers late. The job does nothing while it waits.
constexpr seconds squeue_patience(5);
constexpr std::size_t longest_answer = 4096;

/// This Slurm job as squeue takes it: JOB, or ARRAY_INDEX for a task. An array's last task has the
/// number of the whole array, for which squeue would list all tasks.
std::string slurm_job_name() {
  const auto job = number_variable("SLURM_JOB_ID");
  if (!job) return {};
  const auto task = slurm_array_task();
  return task ? fmt::format("{}_{}", task->job, task->index) : std::to_string(*job);
}

std::string ask_squeue(const std::string& job) {
  ProgramQuestion question;
  question.arguments = {"squeue", "-h", "-j", job, "-O", "EndTime"};
  // The user's environment may ask squeue for another format.
  question.variables = {{"SLURM_TIME_FORMAT", "standard"}};
  question.patience = squeue_patience;
  question.longest = longest_answer;
  question.give_up = [] { return SignalWatch::count() > 0; };
  const ProgramAnswer answer = ask_program(question);
  return answer.code ? answer.out : std::string();
}

/// The time until `end`. Nothing for a past one: it was postponed, since this process still runs.
std::optional<seconds> until(seconds end) {
  const seconds left = end - seconds(std::time(nullptr));
  return left > seconds(0) ? std::optional(left) : std::nullopt;
}

}  // namespace

std::optional<seconds> parse_squeue_end(std::string_view text) {
  const std::string line(trimmed(text));
  std::tm time{};
  const char* end = ::strptime(line.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  if (end == nullptr || *end != '\0' || line.size() != 19) return std::nullopt;
  time.tm_isdst = -1;
  const std::time_t since_epoch = std::mktime(&time);
  return since_epoch < 0 ? std::nullopt : std::optional<seconds>(since_epoch);
}

std::optional<seconds> slurm_time_left() {
  const auto told = number_variable("SLURM_JOB_END_TIME");
  const auto left = told ? until(seconds(*told)) : std::nullopt;
  if (left) return left;
  const std::string job = slurm_job_name();
  if (job.empty()) return std::nullopt;
  const auto end = parse_squeue_end(ask_squeue(job));
  return end ? until(*end) : std::nullopt;
}

std::optional<ArrayTask> slurm_array_task() {
  const auto job = number_variable("SLURM_ARRAY_JOB_ID");
  const auto index = number_variable("SLURM_ARRAY_TASK_ID");
  if (!job || !index) return std::nullopt;
  const auto first = number_variable("SLURM_ARRAY_TASK_MIN");
  const auto last = number_variable("SLURM_ARRAY_TASK_MAX");
  const auto step = number_variable("SLURM_ARRAY_TASK_STEP");
  const auto count = number_variable("SLURM_ARRAY_TASK_COUNT");
  // A count of 0 means that nobody can tell whether the array has gaps.
  return ArrayTask{std::to_string(*job),  *index,           first.value_or(*index),
                   last.value_or(*index), step.value_or(1), count.value_or(0)};
}

std::optional<ArrayPart> array_part(const ArrayTask& task) {
  const bool is_valid =
      task.count > 0 && task.step > 0 && task.first <= task.index && task.index <= task.last;
  if (!is_valid) return std::nullopt;
  const std::uint64_t span = task.last - task.first;
  const bool is_complete = span % task.step == 0 && span / task.step == task.count - 1;
  const std::uint64_t before = task.index - task.first;
  if (!is_complete || before % task.step != 0) return std::nullopt;
  return ArrayPart{before / task.step, task.count};
}

}  // namespace malet::exec
