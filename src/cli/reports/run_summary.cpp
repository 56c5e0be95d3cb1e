#include "cli/reports/run_summary.hpp"

#include <fmt/format.h>

#include "base/text/shell_words.hpp"
#include "cli/reports/plan_report.hpp"
#include "cli/screen/duration.hpp"
#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

std::string counts_text(const Counts& counts) {
  std::string text = config_count(counts.total) + fmt::format(": {} complete", counts.completed);
  if (counts.failed > 0) text += fmt::format(", {} failed", counts.failed);
  if (counts.running > 0) text += fmt::format(", {} interrupted", counts.running);
  if (counts.pending > 0) text += fmt::format(", {} not run", counts.pending);
  return text;
}

std::string nothing_text(const Counts& counts) {
  if (counts.total == 0) return "nothing to run: no config is in this split and filter\n";
  if (counts.failed == 0 && counts.total == 1) {
    return "nothing to run: the only config is complete\n";
  }
  if (counts.failed == 0) {
    return fmt::format("nothing to run: all {} configs are complete\n", counts.total);
  }
  return fmt::format("nothing to run: {} (--rerun-failed yes runs the failed ones again)\n",
                     counts_text(counts));
}

std::string logs_text(const std::vector<std::filesystem::path>& logs) {
  if (logs.empty()) return {};
  if (logs.size() == 1) return fmt::format("log: {}\n", logs.front().string());
  return fmt::format("logs: {} to {} ({} files)\n", logs.front().string(),
                     logs.back().filename().string(), logs.size());
}

/// What is to be done where several jobs share the experiment. The program and the folder are words
/// of a shell.
std::string queue_text(const RunReport& report, const std::string& program,
                       const std::string& exp) {
  if (report.queue->merged) return {};
  if (report.exit_code == ExitCode::complete) {
    return fmt::format(
        "the last job to end makes one log of all; where none did: {} resplit {} -n "
        "1\n",
        program, exp);
  }
  if (report.exit_code == ExitCode::some_failed) {
    return fmt::format(
        "one more job runs the failed ones again; to have one log all the same: {} "
        "resplit {} -n 1\n",
        program, exp);
  }
  if (report.queue->elsewhere == 0) {
    return "not everything was run: start the same command again and it goes on\n";
  }
  return fmt::format(
      "{} run in other jobs; what these leave the same command runs, started again\n",
      config_count(report.queue->elsewhere));
}

}  // namespace

std::string run_summary(const RunReport& report, const std::optional<Progress>& last,
                        const std::string& program, const std::string& exp) {
  const Counts& counts = report.counts;
  const bool stopped = report.exit_code == ExitCode::stopped;
  if (!last && counts.pending == 0 && !stopped) return nothing_text(counts);
  std::string text = counts_text(counts);
  if (last) text += fmt::format(" ({} run in {})", last->finished_here, clock_text(last->elapsed));
  text += "\n" + logs_text(report.logs);
  if (last && !last->last_error.empty()) {
    text += fmt::format("last failure, config {}: {}\n", last->last_error_index,
                        one_line(last->last_error));
  }
  if (counts.failed > 0) {
    text += fmt::format("failed ones: {} show {} --failed\n", base::shell_word(program),
                        base::shell_word(exp));
  }
  if (report.queue)
    return text + queue_text(report, base::shell_word(program), base::shell_word(exp));
  if (stopped) {
    text += "stopped before everything was run: start the same command again and it goes on\n";
  }
  return text;
}

}  // namespace malet::cli
