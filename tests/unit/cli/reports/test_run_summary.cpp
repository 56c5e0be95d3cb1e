#include <optional>
#include <string>

#include "catch.hpp"
#include "cli/reports/run_summary.hpp"

using malet::ExitCode;
using malet::Progress;
using malet::RunReport;

namespace {

RunReport report(ExitCode code, malet::Counts counts) {
  RunReport made;
  made.exit_code = code;
  made.counts = counts;
  return made;
}

std::string summary(const RunReport& made, const std::optional<Progress>& last) {
  return malet::cli::run_summary(made, last, "malet-mpi", "EXP");
}

Progress after(std::uint64_t finished, double seconds) {
  Progress last;
  last.finished_here = finished;
  last.elapsed = std::chrono::duration<double>(seconds);
  return last;
}

}  // namespace

TEST_CASE("a complete job tells counts and log") {
  RunReport made = report(ExitCode::complete, {480, 480, 0, 0, 0});
  made.logs = {"EXP/log.tsv"};
  CHECK(summary(made, after(480, 99)) ==
        "480 configs: 480 complete (480 run in 0:01:39)\nlog: EXP/log.tsv\n");
}

TEST_CASE("a job with failures shows the last one and the command that lists them") {
  RunReport made = report(ExitCode::some_failed, {10, 8, 2, 0, 0});
  made.logs = {"EXP/log_splits/split_0.tsv", "EXP/log_splits/split_1.tsv"};
  Progress last = after(10, 1);
  last.last_error = "loss is not finite";
  last.last_error_index = 7;
  CHECK(summary(made, last) ==
        "10 configs: 8 complete, 2 failed (10 run in 0:00:01)\n"
        "logs: EXP/log_splits/split_0.tsv to split_1.tsv (2 files)\n"
        "last failure, config 7: loss is not finite\n"
        "failed ones: malet-mpi show EXP --failed\n");
}

TEST_CASE("the text of a failure stays in its line and commands no terminal") {
  Progress last = after(1, 1);
  last.last_error = "two\nlines \x1b[2J";
  CHECK_THAT(summary(report(ExitCode::some_failed, {10, 9, 1, 0, 0}), last),
             ContainsSubstring("config 0: two lines ?[2J\n"));
}

TEST_CASE("a stopped job says that it goes on when started again") {
  RunReport made = report(ExitCode::stopped, {10, 3, 0, 2, 5});
  made.logs = {"EXP/log.tsv"};
  const std::string text = summary(made, after(3, 60));
  CHECK_THAT(text, ContainsSubstring("3 complete, 2 interrupted, 5 not run"));
  CHECK_THAT(text, ContainsSubstring("start the same command again and it goes on"));
}

TEST_CASE("one config is counted in the singular") {
  CHECK(summary(report(ExitCode::complete, {1, 1, 0, 0, 0}), after(1, 1)) ==
        "1 config: 1 complete (1 run in 0:00:01)\n");
  CHECK(summary(report(ExitCode::complete, {1, 1, 0, 0, 0}), {}) ==
        "nothing to run: the only config is complete\n");
}

TEST_CASE("the command that lists the failed ones can be pasted into a shell") {
  const RunReport made = report(ExitCode::some_failed, {10, 8, 2, 0, 0});
  const std::string text = malet::cli::run_summary(made, after(10, 1), "malet-mpi", "sp ace'q");
  CHECK_THAT(text, ContainsSubstring("malet-mpi show 'sp ace'\\''q' --failed\n"));
  CHECK_THAT(malet::cli::run_summary(made, after(10, 1), "malet-mpi", "~/größe"),
             ContainsSubstring("show '~/größe' --failed\n"));
}

TEST_CASE("nothing to run is one line") {
  CHECK(summary(report(ExitCode::complete, {480, 480, 0, 0, 0}), {}) ==
        "nothing to run: all 480 configs are complete\n");
  CHECK_THAT(summary(report(ExitCode::some_failed, {480, 470, 10, 0, 0}), {}),
             ContainsSubstring("10 failed (--rerun-failed yes"));
  CHECK_THAT(summary(report(ExitCode::complete, {0, 0, 0, 0, 0}), {}),
             ContainsSubstring("nothing to run: no config"));
}

TEST_CASE("a job of a queue tells what other jobs have, and what is to be done") {
  RunReport made = report(ExitCode::complete, {10, 10, 0, 0, 0});
  made.queue = RunReport::Queue{true, 0};
  CHECK(summary(made, after(4, 1)) == "10 configs: 10 complete (4 run in 0:00:01)\n");
  made.queue->merged = false;
  CHECK_THAT(summary(made, after(4, 1)), ContainsSubstring("the last job to end makes one log"));
  made.exit_code = ExitCode::some_failed;
  CHECK_THAT(summary(made, after(4, 1)), ContainsSubstring("malet-mpi resplit EXP -n 1\n"));
  made.exit_code = ExitCode::stopped;
  CHECK_THAT(summary(made, after(4, 1)), ContainsSubstring("start the same command again"));
  made.queue->elsewhere = 1;
  CHECK_THAT(summary(made, after(4, 1)), ContainsSubstring("1 config run in other jobs"));
}
