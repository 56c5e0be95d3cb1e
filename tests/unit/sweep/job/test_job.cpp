#include <cstdlib>
#include <optional>
#include <thread>

#include "catch.hpp"
#include "file_size_limit.hpp"
#include "malet/experiment.hpp"
#include "temp_folder.hpp"

using namespace malet;
using malet::test::FileSizeLimit;
using malet::test::TempFolder;

namespace {

Metrics long_text(const Config&, Run&) {
  return {{"result", std::string(1000, 'x')}};
}

std::uint64_t rows_of(const TempFolder& folder, const std::string& status) {
  const auto log = ExperimentLog::from_tsv(folder.path() / "log.tsv");
  std::uint64_t count = 0;
  for (std::size_t row = 0; row < log.size(); ++row) {
    if (log.df().text(row, "status") == status) ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("an error in the coordinator does not cost the results that have come") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [i;0:1:20]}");
  ExperimentOptions options;
  options.progress_interval = {};
  options.on_progress = [](const Progress& progress) {
    if (progress.counts.completed >= 5) throw Error(ErrorKind::internal, "broken");
  };
  const auto slow = [](const Config&, Run&) -> Metrics {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return {};
  };
  CHECK_THROWS_WITH(Experiment(folder.path(), slow, options).run(), "broken");
  CHECK(rows_of(folder, "C") >= 5);
}

TEST_CASE("a result that is nested too deep is a failed run") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [i;0:1:4]}");
  std::string error;
  ExperimentOptions options;
  options.on_progress = [&](const Progress& progress) { error = progress.last_error; };
  const auto nested = [](int levels) {
    Value value = 1;
    for (int i = 0; i < levels; ++i) value = Value(Value::List{value});
    return value;
  };
  const auto train = [&](const Config& config, Run& run) -> Metrics {
    switch (config.get<int>("seed")) {
      case 0:
        return {{"deep", nested(200)}};
      case 1:
        run.report({{"deep", Value::Map{{"a", nested(200)}}}});
        return {};
      default:
        run.report({{"fine", nested(50)}});
        return {{"deep", nested(50)}};
    }
  };
  const RunReport report = Experiment(folder.path(), train, options).run();
  CHECK(report.exit_code == ExitCode::some_failed);
  CHECK(report.counts.failed == 2);
  CHECK_THAT(error, ContainsSubstring("'deep' is nested deeper than"));
  // What was accepted can be read back as what it was.
  const auto log = ExperimentLog::from_tsv(folder.path() / "log.tsv");
  CHECK(log.df().value(2, "deep") == nested(50));
  CHECK(log.df().value(2, "fine") == nested(50));
}

TEST_CASE("a disk that is full at the end is tried again") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [i;0:1:20]}");
  std::optional<FileSizeLimit> limit(std::in_place, 4096);
  std::string warning;
  ExperimentOptions options;
  options.on_progress = [&](const Progress& progress) {
    if (progress.warning.empty()) return;
    warning = progress.warning;
    limit.reset();
  };
  const RunReport report = Experiment(folder.path(), long_text, options).run();
  CHECK(report.exit_code == ExitCode::complete);
  CHECK_THAT(warning, ContainsSubstring("cannot be"));
  CHECK(rows_of(folder, "C") == 20);
}

TEST_CASE("a disk that stays full is an error when the time is over") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [i;0:1:20]}");
  ExperimentOptions options;
  options.limits.timeout = std::chrono::milliseconds(400);
  const FileSizeLimit limit(4096);
  CHECK_THROWS_WITH(Experiment(folder.path(), long_text, options).run(),
                    ContainsSubstring("log.tsv"));
}

TEST_CASE("rank 0 cannot only coordinate where there is no other rank") {
  const TempFolder folder;
  folder.write("exp_config.yaml", "grid: {seed: [1]}");
  CHECK_THROWS_WITH(
      Experiment(folder.path(), long_text, {.devices = {.rank0 = Rank0::coordinate}}).run(),
      ContainsSubstring("--rank0 coordinate"));
}
