#include "exec/slurm/slurm_jobs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "exec/process/program_answer.hpp"

namespace malet::exec {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using JobStates = std::map<std::string, TaskStates>;

constexpr std::array<std::string_view, 11> over = {
    ended_state, "COMPLETED", "FAILED",   "CANCELLED", "TIMEOUT",      "NODE_FAIL",
    "PREEMPTED", "BOOT_FAIL", "DEADLINE", "REVOKED",   "OUT_OF_MEMORY"};

// A busy controller lets clients wait. After giving up, nobody knows what it will have done.
constexpr std::chrono::minutes change_patience(5);
constexpr std::size_t longest_complaint = 300;

bool is_number(std::string_view text) {
  return base::whole_number(text).has_value();
}

/// Adds the state in a line; false if there is none.
bool read_state(std::string_view line, JobStates& states) {
  const std::size_t bar = line.find('|');
  if (bar == std::string_view::npos) return false;
  const std::string_view job = line.substr(0, std::min(bar, line.find('_')));
  const std::string_view state = line.substr(bar + 1, line.find_first_of(" +", bar) - bar - 1);
  const bool is_word = !state.empty() && state.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") ==
                                             std::string_view::npos;
  if (!is_number(job) || !is_word) return false;
  ++states[std::string(job)][std::string(state)];
  return true;
}

std::uint64_t count(const TaskStates& states) {
  std::uint64_t tasks = 0;
  for (const auto& [state, number] : states) tasks += number;
  return tasks;
}

/// Asks squeue and sacct about Slurm jobs of one cluster.
class Questioner {
 public:
  Questioner(std::string cluster, Clock::time_point until)
      : cluster_(std::move(cluster)), until_(until) {}

  std::optional<JobStates> ask_squeue(const std::vector<std::string>& jobs) const {
    const auto answer = ask({"squeue", "-h", "-r", "-t", "all", "-o", "%F|%T", "-j", listed(jobs)});
    // For a single Slurm job that squeue has forgotten, squeue reports an error.
    if (answer.code && answer.err.find("Invalid job id") != std::string::npos) return JobStates();
    return answer.is_good() ? parse_job_states(answer.out) : std::nullopt;
  }

  std::optional<JobStates> ask_sacct(const std::vector<std::string>& jobs) const {
    const auto answer = ask({"sacct", "-n", "-X", "-P", "-o", "JobID,State", "-j", listed(jobs)});
    return answer.is_good() ? parse_job_states(answer.out) : std::nullopt;
  }

 private:
  static std::string listed(const std::vector<std::string>& jobs) {
    return fmt::format("{}", fmt::join(jobs, ","));
  }

  ProgramAnswer ask(std::vector<std::string> arguments) const {
    ProgramQuestion question;
    if (!cluster_.empty()) arguments.insert(arguments.end(), {"-M", cluster_});
    question.arguments = std::move(arguments);
    question.patience = std::chrono::duration_cast<milliseconds>(until_ - Clock::now());
    return ask_program(question);
  }

  std::string cluster_;
  Clock::time_point until_;
};

/// The states of a Slurm job: of tasks that go on by squeue (`queue`), of ended ones by sacct
/// (`books`) if it knows the Slurm job, else by squeue, too.
TaskStates join(const SlurmJob& job, const JobStates& queue, const JobStates& books) {
  TaskStates states;
  const auto take = [&](const JobStates& from, bool want_over) {
    const auto found = from.find(job.number);
    if (found == from.end()) return;
    for (const auto& [state, number] : found->second) {
      if (is_over(state) == want_over) states[state] += number;
    }
  };
  take(queue, false);
  take(books.contains(job.number) ? books : queue, true);
  const std::uint64_t known = count(states);
  if (known < job.tasks) states[std::string(ended_state)] += job.tasks - known;
  return states;
}

/// Whether squeue still knows all tasks of a Slurm job.
bool is_whole(const SlurmJob& job, const JobStates& queue) {
  const auto found = queue.find(job.number);
  return found != queue.end() && count(found->second) >= job.tasks;
}

/// The states of Slurm jobs of one cluster.
std::vector<TaskStates> ask_cluster(const std::vector<SlurmJob>& jobs, const Questioner& ask) {
  std::vector<std::string> numbers;
  for (const SlurmJob& job : jobs) numbers.push_back(job.number);
  const auto queue = ask.ask_squeue(numbers);
  std::vector<TaskStates> states;
  if (!queue) {
    for (const SlurmJob& job : jobs) states.push_back({{std::string(unknown_state), job.tasks}});
    return states;
  }
  std::vector<std::string> forgotten;
  for (const SlurmJob& job : jobs) {
    if (!is_whole(job, *queue)) forgotten.push_back(job.number);
  }
  const auto books = forgotten.empty() ? std::nullopt : ask.ask_sacct(forgotten);
  for (const SlurmJob& job : jobs) states.push_back(join(job, *queue, books.value_or(JobStates())));
  return states;
}

/// Throws what a program's failure means, in one sentence.
[[noreturn]] void reject_answer(const std::string& program, const ProgramAnswer& answer) {
  if (answer.is_missing) reject("there is no {}: this needs Slurm", program);
  if (answer.took_too_long) {
    reject("{} did not answer for five minutes: see by squeue what it has done", program);
  }
  const std::string said =
      base::excerpt(trimmed(answer.err.empty() ? answer.out : answer.err), longest_complaint);
  reject("{} has failed: {}", program, said.empty() ? "it does not say why" : said);
}

void call_scancel(const std::vector<std::string>& options,
                  const std::vector<std::string>& numbers) {
  ProgramQuestion question;
  question.arguments = {"scancel"};
  question.arguments.insert(question.arguments.end(), options.begin(), options.end());
  question.arguments.insert(question.arguments.end(), numbers.begin(), numbers.end());
  question.patience = change_patience;
  const ProgramAnswer answer = ask_program(question);
  if (!answer.is_good()) reject_answer("scancel", answer);
}

}  // namespace

bool is_over(std::string_view state) {
  return std::find(over.begin(), over.end(), state) != over.end();
}

std::optional<SlurmJob> parse_sbatch_answer(std::string_view text) {
  const std::string_view line = trimmed(text);
  const std::size_t end = std::min(line.find(';'), line.size());
  const std::string_view cluster = line.substr(std::min(end + 1, line.size()));
  if (!is_number(line.substr(0, end)) || cluster.find_first_of(" \t\n") != std::string::npos) {
    return std::nullopt;
  }
  return SlurmJob{std::string(line.substr(0, end)), std::string(cluster), 1};
}

std::optional<std::map<std::string, TaskStates>> parse_job_states(std::string_view text) {
  JobStates states;
  while (!text.empty()) {
    const std::string_view line = trimmed(base::take_line(text));
    const bool says_nothing = line.empty() || line.starts_with("CLUSTER: ");
    if (!says_nothing && !read_state(line, states)) return std::nullopt;
  }
  return states;
}

std::vector<TaskStates> slurm_job_states(const std::vector<SlurmJob>& jobs, milliseconds patience) {
  const auto until = Clock::now() + patience;
  std::map<std::string, std::vector<std::size_t>> clusters;
  for (std::size_t i = 0; i < jobs.size(); ++i) clusters[jobs[i].cluster].push_back(i);
  std::vector<TaskStates> states(jobs.size());
  for (const auto& [cluster, members] : clusters) {
    std::vector<SlurmJob> asked;
    for (const std::size_t i : members) asked.push_back(jobs[i]);
    auto answers = ask_cluster(asked, Questioner(cluster, until));
    for (std::size_t i = 0; i < members.size(); ++i) states[members[i]] = std::move(answers[i]);
  }
  return states;
}

std::vector<std::string> sbatch_command(const std::string& script, const std::string& after) {
  std::vector<std::string> words = {"sbatch", "--parsable"};
  if (!after.empty()) words.push_back("--dependency=afterany:" + after);
  words.push_back(script);
  return words;
}

void require_sbatch() {
  ProgramQuestion question;
  question.arguments = {"sbatch", "--version"};
  const ProgramAnswer answer = ask_program(question);
  if (answer.is_missing) reject_answer("sbatch", answer);
}

SlurmJob submit_batch(const std::string& script, const std::string& after) {
  ProgramQuestion question;
  question.arguments = sbatch_command(script, after);
  // The new Slurm job inherits our environment, but it is no task of our array.
  question.variables = {{"SLURM_ARRAY_JOB_ID", ""}, {"SLURM_ARRAY_TASK_ID", ""}};
  question.patience = change_patience;
  const ProgramAnswer answer = ask_program(question);
  if (!answer.is_good()) reject_answer("sbatch", answer);
  if (auto job = parse_sbatch_answer(answer.out)) return *job;
  reject("sbatch has said '{}', which names no job: see squeue",
         base::excerpt(trimmed(answer.out)));
}

void cancel_jobs(const std::string& cluster, const std::vector<std::string>& numbers) {
  std::vector<std::string> options;
  if (!cluster.empty()) options = {"-M", cluster};
  std::vector<std::string> waiting = options;
  waiting.emplace_back("--state=PENDING");
  call_scancel(waiting, numbers);
  call_scancel(options, numbers);
}

}  // namespace malet::exec
