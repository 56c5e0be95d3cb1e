#include "exec/slurm/sbatch.hpp"

#include <fmt/format.h>

#include <chrono>

#include "base/text/text_parts.hpp"
#include "exec/process/program_answer.hpp"
#include "malet/error.hpp"

namespace malet::exec {

namespace {

// A controller that is busy lets them wait; giving up, one does not know what has come of it.
constexpr std::chrono::minutes sbatch_patience(5);
constexpr std::size_t longest_complaint = 300;

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorKind::bad_input, sentence);
}

/// Why a program did not do what it was asked to, in one sentence.
[[noreturn]] void refuse(const std::string& program, const ProgramAnswer& answer) {
  if (answer.is_missing) refuse(fmt::format("there is no {}: this needs Slurm", program));
  if (answer.took_too_long) {
    refuse(
        fmt::format("{} did not answer for five minutes: see by squeue what it has done", program));
  }
  const std::string said =
      base::excerpt(trimmed(answer.err.empty() ? answer.out : answer.err), longest_complaint);
  refuse(fmt::format("{} has failed: {}", program, said.empty() ? "it does not say why" : said));
}

void call_scancel(const std::vector<std::string>& options,
                  const std::vector<std::string>& numbers) {
  ProgramQuestion question;
  question.arguments = {"scancel"};
  question.arguments.insert(question.arguments.end(), options.begin(), options.end());
  question.arguments.insert(question.arguments.end(), numbers.begin(), numbers.end());
  question.patience = sbatch_patience;
  const ProgramAnswer answer = ask_program(question);
  if (!answer.is_good()) refuse("scancel", answer);
}

}  // namespace

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
  if (answer.is_missing) refuse("sbatch", answer);
}

SlurmJob submit_batch(const std::string& script, const std::string& after) {
  ProgramQuestion question;
  question.arguments = sbatch_command(script, after);
  // What an array has told this process is not for the new job, which gets our environment.
  question.variables = {{"SLURM_ARRAY_JOB_ID", ""}, {"SLURM_ARRAY_TASK_ID", ""}};
  question.patience = sbatch_patience;
  const ProgramAnswer answer = ask_program(question);
  if (!answer.is_good()) refuse("sbatch", answer);
  if (auto job = parse_sbatch_answer(answer.out)) return *job;
  refuse(fmt::format("sbatch has said '{}', which names no job: see squeue",
                     base::excerpt(trimmed(answer.out))));
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
