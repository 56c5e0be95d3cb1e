#include "exec/slurm/slurm.hpp"

#include <fmt/format.h>

#include <ctime>
#include <string>

#include "exec/process/environment.hpp"
#include "exec/process/program_answer.hpp"
#include "exec/process/signals.hpp"
#include "exec/slurm/slurm_array.hpp"

namespace malet::exec {

namespace {

using std::chrono::seconds;

// A controller that is busy answers late; a job that waits for it does nothing meanwhile.
constexpr seconds squeue_patience(5);
constexpr std::size_t longest_answer = 4096;

/// The job as squeue takes it. The number of an array's last task is that of the whole array, for
/// which squeue would list all of its tasks.
std::string job_name() {
  const auto job = number_variable("SLURM_JOB_ID");
  if (!job) return {};
  const auto task = slurm_array_task();
  return task ? fmt::format("{}_{}", task->job, task->index) : std::to_string(*job);
}

std::string ask_squeue(const std::string& job) {
  ProgramQuestion question;
  question.arguments = {"squeue", "-h", "-j", job, "-O", "EndTime"};
  // Users may have squeue write times in another form.
  question.variables = {{"SLURM_TIME_FORMAT", "standard"}};
  question.patience = squeue_patience;
  question.longest = longest_answer;
  question.give_up = [] { return SignalWatch::count() > 0; };
  const ProgramAnswer answer = ask_program(question);
  return answer.code ? answer.out : std::string();
}

/// An end that is over was put off meanwhile, since this process still runs.
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
  const std::string job = job_name();
  if (job.empty()) return std::nullopt;
  const auto end = parse_squeue_end(ask_squeue(job));
  return end ? until(*end) : std::nullopt;
}

}  // namespace malet::exec
