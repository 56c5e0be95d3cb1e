#include <string>

#include "catch.hpp"
#include "sweep/forecast/expected_durations.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

constexpr const char* yaml = "grid: {width: [1.0, 2, 4], seed: [1, 2]}";

std::string row(int id, const std::string& width, int seed, const std::string& duration,
                const std::string& status) {
  return std::to_string(id) + "\t" + width + "\t" + std::to_string(seed) + "\t" + duration + "\t" +
         status + "\n";
}

std::string log_text(const std::string& rows) {
  return "[Static Configs]\n{}\n---------------------------------------------\n"
         "  \t     \t    \tduration\tstatus\nid\twidth\tseed\t        \t      \n" +
         rows;
}

ExpectedDurations expected(const TempFolder& folder) {
  folder.write("exp_config.yaml", yaml);
  return expect_durations(open_folder(folder.path()));
}

std::vector<std::chrono::microseconds> times_of(const TempFolder& folder,
                                                const std::string& filter = {}) {
  ExperimentOptions options;
  options.splits.filter = filter;
  const Folder opened = open_folder(folder.path());
  return earlier_times(opened, make_scope(opened.configs, options));
}

/// A log of that many complete rows after a failed one; row i took i seconds.
void write_log(const TempFolder& folder, int rows) {
  folder.write("exp_config.yaml", "grid: {a: [i;0:1:" + std::to_string(rows) + "]}");
  std::string log = "[Static Configs]\n{}\n---------------------------------------------\n";
  log += "\t\tdatetime\tduration\tcommit_hash\tstatus\nid\ta\t\t\t\t\n";
  for (int i = 0; i < rows; ++i) {
    const std::string number = std::to_string(i);
    char time[16];
    std::snprintf(time, sizeof time, "%02d:%02d:%02d", i / 3600, i / 60 % 60, i % 60);
    log += number + "\t" + number + "\t\t0 days " + time + "\t\t" + (i == 0 ? "F" : "C") + "\n";
  }
  folder.write("log.tsv", log);
}

}  // namespace

TEST_CASE("configs that were never run are expected to last as their like did") {
  const TempFolder folder;
  folder.write("log.tsv", log_text(row(0, "1.0", 1, "0 days 00:00:10", "C") +
                                   row(1, "2", 1, "0 days 00:00:40", "C") +
                                   row(2, "4", 1, "1 days 00:00:00", "C")));
  const auto durations = expected(folder);
  CHECK(durations.has_complete_runs);
  CHECK(durations.seconds(1) < durations.seconds(3));
  CHECK(durations.seconds(3) < durations.seconds(5));
}

TEST_CASE("rows of all logs count, and those whose config is not in the grid any more") {
  const TempFolder folder;
  folder.write("log_splits/split_0.tsv", log_text(row(0, "1", 7, "0 days 00:00:40", "C")));
  folder.write("log_splits/split_1.tsv", log_text(row(0, "4", 8, "0 days 00:00:10", "C")));
  const auto durations = expected(folder);
  CHECK(durations.has_complete_runs);
  CHECK(durations.seconds(0) > durations.seconds(2));
  CHECK(durations.seconds(2) > durations.seconds(4));
}

TEST_CASE("a config is expected to last no less than its own earlier attempts") {
  const TempFolder folder;
  folder.write(
      "log.tsv",
      log_text(row(0, "1.0", 1, "0 days 00:00:10", "C") + row(1, "1.0", 2, "0 days 01:00:00", "R") +
               row(2, "2", 1, "0 days 00:00:01", "F") + row(3, "2", 2, "0 days 02:00:00", "")));
  const auto durations = expected(folder);
  CHECK(durations.seconds(1) == 3600);
  CHECK(durations.seconds(2) == Approx(10));  // it failed at once, which says little
  CHECK(durations.seconds(3) == 7200);
}

TEST_CASE("failed runs, and rows without a duration, tell nothing of other configs") {
  const TempFolder folder;
  folder.write("log.tsv", log_text(row(0, "1.0", 1, "0 days 00:00:10", "F") +
                                   row(1, "2", 1, "", "C") + row(2, "4", 1, "soon", "C")));
  const auto durations = expected(folder);
  CHECK_FALSE(durations.has_complete_runs);
  CHECK(durations.seconds(1) == 0);
  CHECK(durations.seconds(0) == 10);
}

TEST_CASE("a folder without a log tells nothing") {
  const TempFolder folder;
  CHECK_FALSE(expected(folder).has_complete_runs);
}

TEST_CASE("of many rows a sample tells as much") {
  const TempFolder folder;
  std::string rows;
  for (int seed = 0; seed < 3000; ++seed) {
    rows += row(0, "1", seed, "0 days 00:00:10", "C") + row(1, "2", seed, "0 days 00:00:40", "C");
  }
  folder.write("log.tsv", log_text(rows));
  folder.write("exp_config.yaml", yaml);
  const auto durations = expect_durations(open_folder(folder.path()), 500);
  CHECK(durations.has_complete_runs);
  CHECK(durations.seconds(0) == Approx(10).epsilon(0.2));
  CHECK(durations.seconds(2) == Approx(40).epsilon(0.2));
}

TEST_CASE("durations of complete rows tell how long runs take") {
  TempFolder folder;
  write_log(folder, 4);
  CHECK(times_of(folder) == std::vector<std::chrono::microseconds>{std::chrono::seconds(1),
                                                                   std::chrono::seconds(2),
                                                                   std::chrono::seconds(3)});
  CHECK(times_of(folder, "a == 2") ==
        std::vector<std::chrono::microseconds>{std::chrono::seconds(2)});
}

TEST_CASE("of many rows some from all over the grid are read") {
  TempFolder folder;
  write_log(folder, 1000);
  const auto times = times_of(folder);
  CHECK(times.size() >= 60);
  CHECK(times.size() <= 64);
  CHECK(times.back() > std::chrono::seconds(900));
}

TEST_CASE("without a log nothing is known") {
  TempFolder folder;
  folder.write("exp_config.yaml", "grid: {a: [1, 2]}");
  CHECK(times_of(folder).empty());
}
