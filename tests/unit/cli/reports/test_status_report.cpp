#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/reports/status_report.hpp"

using malet::Counts;
using malet::ExitCode;
using malet::base::Micros;
using malet::cli::recent_pace;
using malet::cli::status_code;
using malet::cli::status_document;
using malet::cli::status_text;

namespace {

Micros at(double seconds) {
  return Micros(static_cast<std::int64_t>(seconds * 1e6));
}

}  // namespace

TEST_CASE("the status document has the counts in order") {
  CHECK(malet::to_json(status_document({10, 4, 3, 2, 1})) ==
        R"({"total": 10, "completed": 4, "failed": 3, "running": 2, "pending": 1})");
}

TEST_CASE("the exit code of a status is the one that run would leave with") {
  CHECK(status_code({10, 10, 0, 0, 0}) == ExitCode::complete);
  CHECK(status_code({10, 9, 1, 0, 0}) == ExitCode::some_failed);
  CHECK(status_code({10, 8, 1, 0, 1}) == ExitCode::stopped);
  CHECK(status_code({10, 9, 0, 1, 0}) == ExitCode::stopped);
}

TEST_CASE("the pace is that of the latest results") {
  std::vector<Micros> ends;
  for (int i = 0; i < 11; ++i) ends.push_back(at(2 * i));
  const auto pace = recent_pace(ends);
  REQUIRE(pace);
  CHECK(pace->per_second == Approx(0.5));
  CHECK(pace->last == at(20));
}

TEST_CASE("the pace does not count the pause between two jobs") {
  std::vector<Micros> ends;
  for (int i = 0; i < 100; ++i) ends.push_back(at(10 * i));
  for (int i = 0; i < 10; ++i) ends.push_back(at(100'000 + i));
  const auto pace = recent_pace(ends);
  REQUIRE(pace);
  CHECK(pace->per_second == Approx(1));
}

TEST_CASE("fewer than two results have no pace") {
  CHECK_FALSE(recent_pace({}));
  CHECK_FALSE(recent_pace({at(1)}));
}

TEST_CASE("results of one moment are taken for a second's work") {
  const auto pace = recent_pace({at(1), at(1), at(1)});
  REQUIRE(pace);
  CHECK(pace->per_second == Approx(2));
}

TEST_CASE("the pace of short runs is taken over a second at least") {
  std::vector<Micros> ends;
  for (int i = 0; i < 100'000; ++i) ends.push_back(at(100 + i / 10'000.0));
  const auto pace = recent_pace(ends);
  REQUIRE(pace);
  CHECK(pace->per_second == Approx(10'000).epsilon(0.001));
}

TEST_CASE("the status for people tells counts, rate and ETA") {
  const std::string text =
      status_text({"demo", {480, 120, 3, 2, 355}, malet::cli::Pace{2, at(100)}, at(101)});
  CHECK(text ==
        "demo: 480 configs\n"
        "  completed          120  25.0 %\n"
        "  failed               3   0.6 %\n"
        "  running              2   0.4 %\n"
        "  pending            355  74.0 %\n"
        "2.0/s, ETA 0:02:59\n");
}

TEST_CASE("a sweep that is silent has no ETA") {
  const std::string text =
      status_text({"demo", {480, 120, 0, 0, 360}, malet::cli::Pace{2, at(100)}, at(3700)});
  CHECK_THAT(text, ContainsSubstring("no result for 1:00:00\n"));
  CHECK(text.find("ETA") == std::string::npos);
}

TEST_CASE("a finished sweep has neither rate nor ETA") {
  const std::string text =
      status_text({"demo", {1, 1, 0, 0, 0}, malet::cli::Pace{2, at(100)}, at(100)});
  CHECK(text.find("/s") == std::string::npos);
  CHECK_THAT(text, ContainsSubstring("demo: 1 config\n"));
}

using namespace malet;
using namespace malet::cli;

namespace {

sweep::QueueState state() {
  sweep::QueueState made;
  made.jobs = {{"4711", true, "node1", "2026-01-02T03:04:05", 8, 20}, {"9", false, "", "", 2, 0}};
  made.chunks = 100;
  made.held = 8;
  made.done = 30;
  return made;
}

}  // namespace

TEST_CASE("a queue's jobs and chunks are told to people") {
  CHECK(queue_report(state(), 80) ==
        "queue job         host   since                held  done\n"
        "4711       alive  node1  2026-01-02 03:04:05     8    20\n"
        "9          gone                                  2     0\n"
        "chunks: 62 free, 8 held, 30 done\n");
}

TEST_CASE("the same as a document") {
  CHECK(to_json(queue_document(state())) ==
        R"({"jobs": [{"job": "4711", "alive": true, "host": "node1", )"
        R"("started": "2026-01-02T03:04:05", "held": 8, "done": 20}, )"
        R"({"job": "9", "alive": false, "host": null, "started": null, "held": 2, "done": 0}], )"
        R"("chunks": {"total": 100, "free": 62, "held": 8, "done": 30}})");
}
