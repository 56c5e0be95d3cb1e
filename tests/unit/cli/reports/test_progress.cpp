#include <algorithm>
#include <cstdio>
#include <string>

#include "catch.hpp"
#include "cli/reports/progress.hpp"
#include "cli/screen/logger.hpp"
#include "unit/cli/screen/captured_output.hpp"

using malet::Progress;
using malet::cli::Logger;
using malet::cli::progress_bar_line;
using malet::cli::progress_text;
using malet::cli::ProgressView;
using malet::cli::Seconds;

namespace {

Progress progress(std::uint64_t completed, std::uint64_t failed, std::uint64_t total) {
  Progress now;
  now.counts.total = total;
  now.counts.completed = completed;
  now.counts.failed = failed;
  now.counts.pending = total - completed - failed;
  return now;
}

Progress at(double seconds, std::uint64_t finished) {
  Progress now = progress(finished, 0, 480);
  now.finished_here = finished;
  now.elapsed = Seconds(seconds);
  return now;
}

}  // namespace

TEST_CASE("progress tells done, failed, rate and ETA") {
  Progress now = progress(117, 3, 480);
  now.finished_here = 120;
  now.elapsed = Seconds(9.75);
  CHECK(progress_text(now) == "120/480 (25 %)  3 failed  12.3/s  ETA 0:00:30");
}

TEST_CASE("before the first result there is no rate") {
  CHECK(progress_text(progress(0, 0, 480)) == "0/480 (0 %)");
}

TEST_CASE("the rate counts what this job has run, not what earlier jobs did") {
  Progress now = progress(400, 0, 480);
  now.finished_here = 10;
  now.elapsed = Seconds(10);
  CHECK(progress_text(now) == "400/480 (83 %)  1.0/s  ETA 0:01:20");
}

TEST_CASE("100 % means all of them") {
  CHECK_THAT(progress_text(progress(9999, 0, 10000)), ContainsSubstring("(99 %)"));
  CHECK_THAT(progress_text(progress(10000, 0, 10000)), ContainsSubstring("(100 %)"));
  CHECK_THAT(progress_text(progress(0, 0, 0)), ContainsSubstring("0/0"));
}

TEST_CASE("a job that ends early says so") {
  Progress now = progress(1, 0, 4);
  now.stopping = true;
  CHECK(progress_text(now) == "1/4 (25 %)  stopping");
}

TEST_CASE("the bar takes the room that is left") {
  const Progress now = progress(120, 0, 480);
  CHECK(progress_bar_line(now, 29) == "[==>        ] 120/480 (25 %)");
  CHECK(progress_bar_line(now, 200) == "[=======>                      ] 120/480 (25 %)");
  CHECK(progress_bar_line(now, 20) == "120/480 (25 %)");
  CHECK(progress_bar_line(progress(480, 0, 480), 25) == "[======] 480/480 (100 %)");
}

TEST_CASE("a progress line never wraps") {
  Progress now = progress(117, 3, 480);
  now.finished_here = 120;
  now.elapsed = Seconds(10);
  for (std::size_t width = 0; width < 120; ++width) {
    CHECK(progress_bar_line(now, width).size() <= (width == 0 ? 0 : width - 1));
  }
}

TEST_CASE("without a terminal there is a line every 30 s and one at the end") {
  Captured out;
  Logger log(out.output(), "info");
  ProgressView view(out.output(), log, true);
  for (std::uint64_t second = 0; second <= 65; ++second) {
    view.update(at(static_cast<double>(second), second));
  }
  view.finish();
  CHECK(out.text() ==
        "30/480 (6 %)  1.0/s  ETA 0:07:30\n"
        "60/480 (12 %)  1.0/s  ETA 0:07:00\n"
        "65/480 (13 %)  1.0/s  ETA 0:06:55\n");
}

TEST_CASE("a quiet job shows no progress but still warns, once per warning") {
  Captured out;
  Logger log(out.output(), "info");
  ProgressView view(out.output(), log, false);
  Progress now = at(31, 5);
  now.warning = "log.tsv: no space left";
  view.update(now);
  view.update(now);
  view.finish();
  CHECK_THAT(out.text(), ContainsSubstring("warning: log.tsv: no space left\n"));
  CHECK(out.text().find("no space") == out.text().rfind("no space"));
  CHECK(out.text().find("5/480") == std::string::npos);
}

TEST_CASE("a job without a single progress shows nothing") {
  Captured out;
  Logger log(out.output(), "off");
  ProgressView view(out.output(), log, true);
  view.finish();
  CHECK(out.text().empty());
  CHECK_FALSE(view.last());
}

using namespace malet;

namespace {

class Bench {
 public:
  void show(std::uint64_t index, const std::string& error, const std::string& traceback = {},
            bool will_retry = false) {
    view_.show({index, error, traceback, will_retry});
  }
  /// What was told, without times and levels.
  [[nodiscard]] std::string text() const {
    std::string all = captured_.text();
    constexpr std::string_view level = " warning: ";
    for (auto at = all.find(level); at != std::string::npos; at = all.find(level)) {
      all.erase(at - 8, 8 + level.size());
    }
    return all;
  }
  [[nodiscard]] std::size_t count(const std::string& part) const {
    std::size_t found = 0;
    const std::string all = text();
    for (auto at = all.find(part); at != std::string::npos; at = all.find(part, at + 1)) ++found;
    return found;
  }

 private:
  Captured captured_;
  cli::Logger log_{captured_.output(), "info"};
  cli::ProgressView progress_{captured_.output(), log_, false};
  cli::FailureView view_{progress_, log_};
};

}  // namespace

TEST_CASE("a failure is told with its config, its error and where it was") {
  Bench bench;
  bench.show(7, "ValueError: no", "Traceback\n  line 3", true);
  CHECK(bench.text() == "config 7 failed: ValueError: no (is tried again)\nTraceback\n  line 3\n");
}

TEST_CASE("the same failure is told five times, with its traceback once") {
  Bench bench;
  for (std::uint64_t i = 0; i < 100; ++i) bench.show(i, "no data", "Traceback");
  CHECK(bench.count("no data") == 5);
  CHECK(bench.count("Traceback") == 1);
  CHECK(bench.count("(more of these are not shown)") == 1);
  CHECK_THAT(bench.text(), ContainsSubstring("config 4 failed: no data (more of these"));
  bench.show(200, "something else");
  CHECK(bench.count("something else") == 1);
}

TEST_CASE("beyond a thousand different failures only those that are known are told") {
  Bench bench;
  for (std::uint64_t i = 0; i < 1100; ++i) bench.show(i, "error " + std::to_string(i));
  CHECK(bench.count("failed:") == 1000);
  bench.show(0, "error 7");
  CHECK(bench.count("failed:") == 1001);
}
