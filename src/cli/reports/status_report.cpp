#include "cli/reports/status_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "cli/reports/plan_report.hpp"
#include "cli/screen/duration.hpp"

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

}  // namespace malet::cli
