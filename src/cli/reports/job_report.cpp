#include "cli/reports/job_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

constexpr std::size_t most_asked = 1000;
/// Of jobs that are over.
constexpr std::size_t most_shown = 3;

std::string job_line(const JobFacts& facts) {
  return fmt::format("  {:<10} {:<24} submitted {}\n", facts.submitted.job.number,
                     states_text(facts.states), one_line(facts.submitted.submitted.substr(0, 19)));
}

}  // namespace

bool JobFacts::is_alive() const {
  return std::any_of(states.begin(), states.end(),
                     [](const auto& state) { return !exec::is_over(state.first); });
}

std::vector<JobFacts> submitted_jobs(const std::filesystem::path& exp_folder,
                                     std::chrono::milliseconds patience) {
  auto submitted = sweep::read_submitted_jobs(exp_folder);
  if (submitted.size() > most_asked) {
    submitted.erase(submitted.begin(), submitted.end() - static_cast<std::ptrdiff_t>(most_asked));
  }
  std::vector<exec::SlurmJob> jobs;
  for (const auto& job : submitted) jobs.push_back(job.job);
  auto states = exec::slurm_job_states(jobs, patience);
  std::vector<JobFacts> facts;
  for (std::size_t i = 0; i < submitted.size(); ++i) {
    facts.push_back({std::move(submitted[i]), std::move(states[i])});
  }
  return facts;
}

std::string states_text(const exec::TaskStates& states) {
  const bool is_one_task = states.size() == 1 && states.begin()->second == 1;
  if (is_one_task) return states.begin()->first;
  std::string text;
  for (const auto& [state, tasks] : states) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", tasks, state);
  }
  return text;
}

Value::List jobs_document(const std::vector<JobFacts>& jobs) {
  Value::List list;
  for (const JobFacts& facts : jobs) {
    const sweep::SubmittedJob& submitted = facts.submitted;
    Value::Map states;
    for (const auto& [state, tasks] : facts.states) states.emplace_back(state, tasks);
    const std::string& cluster = submitted.job.cluster;
    list.emplace_back(Value::Map{{"job", submitted.job.number},
                                 {"cluster", cluster.empty() ? Value() : Value(cluster)},
                                 {"submitted", submitted.submitted},
                                 {"script", submitted.script},
                                 {"tasks", submitted.job.tasks},
                                 {"states", std::move(states)}});
  }
  return list;
}

std::string jobs_text(const std::vector<JobFacts>& jobs) {
  if (jobs.empty()) return {};
  const auto over = static_cast<std::size_t>(
      std::count_if(jobs.begin(), jobs.end(), [](const auto& job) { return !job.is_alive(); }));
  std::size_t left_out = over > most_shown ? over - most_shown : 0;
  std::string text = "submitted jobs:\n";
  if (left_out > 0) text += fmt::format("  {} earlier ones, all over\n", left_out);
  for (const JobFacts& facts : jobs) {
    if (!facts.is_alive() && left_out > 0) {
      --left_out;
    } else {
      text += job_line(facts);
    }
  }
  return text;
}

}  // namespace malet::cli
