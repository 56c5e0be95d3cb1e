#include "cli/reports/status_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cli/reports/plan_report.hpp"
#include "cli/screen/duration.hpp"
#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

constexpr std::size_t enough_ends = 1000;
/// Results that are written together bear one time; less than this is no base for a rate.
constexpr double least_span = 1;
/// A pause this long, and this many times the usual distance, is between two jobs.
constexpr double long_pause = 60;
constexpr double many_times = 20;

double seconds_between(base::Micros from, base::Micros to) {
  return std::chrono::duration<double>(to - from).count();
}

std::string share(std::uint64_t part, std::uint64_t total) {
  const double percent =
      total == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(total);
  return fmt::format("{:>12} {:5.1f} %", part, percent);
}

std::string interrupted_note(std::uint64_t interrupted) {
  if (interrupted == 0) return {};
  return fmt::format("  ({} interrupted: the next job runs {} again)", interrupted,
                     interrupted == 1 ? "it" : "them");
}

std::string pace_text(const StatusFacts& facts) {
  const std::uint64_t left = facts.counts.pending + facts.counts.running + facts.counts.interrupted;
  if (!facts.pace || left == 0) return {};
  const double silent = seconds_between(facts.pace->last, facts.now);
  if (silent > std::max(long_pause, many_times / facts.pace->per_second)) {
    return fmt::format("no result for {}\n", clock_text(Seconds(silent)));
  }
  const Seconds eta(static_cast<double>(left) / facts.pace->per_second);
  return fmt::format("{}, ETA {}\n", rate_text(facts.pace->per_second), clock_text(eta));
}

TextTable::Cell number(std::uint64_t count) {
  return {std::to_string(count), true};
}

/// As points in time are written elsewhere.
std::string started_text(std::string started) {
  std::replace(started.begin(), started.end(), 'T', ' ');
  return started;
}

Value or_null(const std::string& text) {
  return text.empty() ? Value() : Value(text);
}

}  // namespace

std::optional<Pace> recent_pace(std::vector<base::Micros> ends) {
  std::sort(ends.begin(), ends.end(), std::greater<>());
  std::size_t taken = std::min<std::size_t>(ends.size(), 1);
  while (taken < ends.size()) {
    if (taken >= enough_ends && seconds_between(ends[taken - 1], ends[0]) >= least_span) break;
    const double pause = seconds_between(ends[taken], ends[taken - 1]);
    const double mean = seconds_between(ends[taken - 1], ends[0]) / static_cast<double>(taken);
    if (pause > long_pause && taken > 1 && pause > many_times * mean) break;
    ++taken;
  }
  if (taken < 2) return std::nullopt;
  const double span = std::max(seconds_between(ends[taken - 1], ends[0]), least_span);
  return Pace{static_cast<double>(taken - 1) / span, ends[0]};
}

Value::Map status_document(const Counts& counts) {
  return {{"total", counts.total},
          {"completed", counts.completed},
          {"failed", counts.failed},
          {"running", counts.running},
          {"pending", counts.pending}};
}

std::string status_text(const StatusFacts& facts) {
  const Counts& counts = facts.counts;
  return fmt::format("{}: {}\n", facts.experiment, config_count(counts.total)) +
         fmt::format("  completed {}\n", share(counts.completed, counts.total)) +
         fmt::format("  failed    {}{}\n", share(counts.failed, counts.total),
                     interrupted_note(counts.interrupted)) +
         fmt::format("  running   {}\n", share(counts.running, counts.total)) +
         fmt::format("  pending   {}\n", share(counts.pending, counts.total)) + pace_text(facts);
}

ExitCode status_code(const Counts& counts) {
  if (counts.pending + counts.running + counts.interrupted > 0) return ExitCode::stopped;
  return counts.failed > 0 ? ExitCode::some_failed : ExitCode::complete;
}

std::string queue_report(const sweep::QueueState& state, std::size_t width) {
  TextTable table({"queue job", "", "host", "since", "held", "done"});
  for (const auto& job : state.jobs) {
    table.add_row({{job.name},
                   {job.is_alive ? "alive" : "gone"},
                   {job.host},
                   {started_text(job.started)},
                   number(job.held),
                   number(job.done)});
  }
  return table.render(width) +
         fmt::format("chunks: {} free, {} held, {} done\n", state.free(), state.held, state.done);
}

Value queue_document(const sweep::QueueState& state) {
  Value::List jobs;
  for (const auto& job : state.jobs) {
    jobs.emplace_back(Value::Map{{"job", job.name},
                                 {"alive", job.is_alive},
                                 {"host", or_null(job.host)},
                                 {"started", or_null(job.started)},
                                 {"held", job.held},
                                 {"done", job.done}});
  }
  return Value(Value::Map{{"jobs", std::move(jobs)},
                          {"chunks", Value::Map{{"total", state.chunks},
                                                {"free", state.free()},
                                                {"held", state.held},
                                                {"done", state.done}}}});
}

}  // namespace malet::cli
