#include "cli/reports/cost_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace malet::cli {

namespace {

constexpr double hour = 3600;
/// What the gate and the last save leave unused at the end of a job, besides the grace.
constexpr double spare = 2;

Value::Map hours_document(const sweep::RemainingCost& cost, double per_run) {
  const double hours = cost.total() / hour * per_run;
  return {{"mean", hours}, {"low", hours * cost.low}, {"high", hours * cost.high}};
}

struct Jobs {
  std::uint64_t mean = 0;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool needs_checkpoints = false;
};

std::optional<Jobs> jobs_of(const CostFacts& facts, const std::optional<JobPlan>& plan) {
  if (!facts.cost || !plan || plan->seconds <= 0) return std::nullopt;
  const sweep::JobCapacity capacity{plan->slots, plan->seconds};
  const sweep::RemainingCost& cost = *facts.cost;
  return Jobs{jobs_needed(cost, capacity), jobs_needed(cost, capacity, cost.low),
              jobs_needed(cost, capacity, cost.high), cost.longest() * cost.high > plan->seconds};
}

/// With as many digits as say anything.
std::string hours_text(double hours) {
  if (hours >= 100) return fmt::format("{:.0f}", hours);
  return hours >= 1 ? fmt::format("{:.1f}", hours) : fmt::format("{:.2g}", hours);
}

std::string range_text(const sweep::RemainingCost& cost, double per_run) {
  const double hours = cost.total() / hour * per_run;
  return fmt::format("{} to {}", hours_text(hours * cost.low), hours_text(hours * cost.high));
}

std::string count_text(std::uint64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string hours_line(const CostFacts& facts) {
  const sweep::RemainingCost& cost = *facts.cost;
  const bool on_gpus = facts.gpus_per_run > 0;
  const double per_run = on_gpus ? facts.gpus_per_run : 1;
  return fmt::format("{} to go: about {} {}hours ({}){}\n", count_text(cost.runs, "run"),
                     hours_text(cost.total() / hour * per_run), on_gpus ? "GPU-" : "",
                     range_text(cost, per_run),
                     on_gpus ? fmt::format(" at {:.3g} GPU a run", per_run) : "");
}

std::string shape_text(const JobShape& shape) {
  const std::string gpus =
      shape.gpus_per_node == 0
          ? ""
          : fmt::format(" with {} each",
                        count_text(static_cast<std::uint64_t>(shape.gpus_per_node), "GPU"));
  return count_text(static_cast<std::uint64_t>(shape.nodes), "node") + gpus;
}

std::string jobs_line(const Jobs& jobs, const CostFacts& facts, const JobPlan& plan) {
  std::string text =
      fmt::format("about {} of {} for {} ({} to {})\n", count_text(jobs.mean, "job"),
                  shape_text(plan.shape), clock_text(*plan.shape.time), jobs.low, jobs.high);
  if (jobs.needs_checkpoints) {
    const double longest = facts.cost->longest() * facts.cost->high;
    text += fmt::format("a run may last {}, longer than a job has for it: {}\n",
                        clock_text(Seconds(longest)),
                        plan.checkpoint ? "it has to go on from its checkpoint"
                                        : "it needs checkpoints and --checkpoint, or more time");
  }
  return text;
}

}  // namespace

CostFacts cost_of(const sweep::Folder& folder, const ConfigIter& configs,
                  std::optional<std::uint64_t> runs, const ExperimentOptions& options) {
  CostFacts facts;
  facts.runs = runs;
  facts.gpus_per_run =
      static_cast<double>(options.devices.gpus_per_run.value_or(1)) / options.devices.runs_per_gpu;
  if (runs) facts.cost = sweep::remaining_cost(folder, configs, *runs);
  return facts;
}

std::optional<JobPlan> plan_job(const JobShape& shape, const ExperimentOptions& options) {
  if (!shape.time) return std::nullopt;
  const double gpus_per_run = options.devices.gpus_per_run.value_or(1);
  const bool on_gpus = shape.gpus_per_node > 0 && gpus_per_run > 0;
  const double per_node =
      on_gpus ? std::floor(shape.gpus_per_node / gpus_per_run) * options.devices.runs_per_gpu
              : static_cast<double>(shape.tasks()) * options.devices.slots.value_or(1);
  return JobPlan{shape, std::max(per_node, 1.0) * shape.nodes,
                 shape.time->count() - options.limits.grace.count() - spare,
                 options.limits.checkpoint};
}

Value::Map cost_document(const CostFacts& facts, const std::optional<JobPlan>& plan) {
  const auto jobs = jobs_of(facts, plan);
  Value::Map document = {{"runs", facts.runs ? Value(*facts.runs) : Value()},
                         {"gpus_per_run", facts.gpus_per_run},
                         {"run_hours", Value()},
                         {"gpu_hours", Value()},
                         {"jobs", Value()}};
  if (facts.cost) {
    document[2].second = hours_document(*facts.cost, 1);
    document[3].second = hours_document(*facts.cost, facts.gpus_per_run);
  }
  if (jobs) {
    document[4].second = Value::Map{{"mean", jobs->mean},
                                    {"low", jobs->low},
                                    {"high", jobs->high},
                                    {"needs_checkpoints", jobs->needs_checkpoints}};
  }
  return document;
}

std::string cost_text(const CostFacts& facts, const std::optional<JobPlan>& plan) {
  if (facts.runs == std::optional<std::uint64_t>(0)) return {};
  if (!facts.cost) return "hours to go: unknown, since no run is complete\n";
  std::string text = hours_line(facts);
  if (plan && plan->seconds <= 0) {
    return text + "the walltime is too short for any run: see --grace\n";
  }
  if (const auto jobs = jobs_of(facts, plan)) text += jobs_line(*jobs, facts, *plan);
  return text;
}

}  // namespace malet::cli
