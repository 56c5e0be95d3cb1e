#include "catch.hpp"
#include "sweep/forecast/earlier_times.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using malet::test::TempFolder;

namespace {

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
