// Jobs that share an experiment, one at a time in this process.
#include <cstdlib>

#include "base/claims/chunk_claim.hpp"
#include "base/files/paths.hpp"
#include "catch.hpp"
#include "malet/experiment.hpp"
#include "sweep/job/queue_job.hpp"
#include "sweep/queue/shared_claims.hpp"
#include "temp_folder.hpp"
#include "writer_help.hpp"

using namespace malet;
using malet::test::TempFolder;

namespace {

constexpr const char* four_seeds = "grid: {seed: [1, 2, 3, 4]}\n";
const base::WriterRole role{base::WriterMode::queue, {}};

/// An experiment that several jobs share.
class Shared {
 public:
  explicit Shared(const char* config = four_seeds) { folder.write("exp_config.yaml", config); }

  RunReport run(const std::string& job, ExperimentOptions options = {}) {
    options.splits.queue = true;
    options.splits.queue_job = job;
    return Experiment(folder.path(), function, options).run();
  }
  /// A job that lives while the test does, or is dead.
  void add(const std::string& job, const base::Writer& writer) const {
    const auto path = base::paths::writer(base::paths::job_log(folder.path(), job));
    std::filesystem::create_directories(path.parent_path());
    test::put_writer(path, writer);
  }
  [[nodiscard]] bool has(const std::string& name) const {
    return std::filesystem::exists(folder.path() / name);
  }

  TempFolder folder;
  std::vector<int> run_seeds;
  int failing = 0;  // a seed
  ExpFunction function = [this](const Config& config, Run&) -> Metrics {
    run_seeds.push_back(config.get<int>("seed"));
    if (run_seeds.back() == failing) throw std::runtime_error("fails");
    return {{"result", run_seeds.back()}};
  };
};

}  // namespace

TEST_CASE("a job that is alone runs everything, and all is in log.tsv") {
  Shared shared;
  const RunReport report = shared.run("7");
  CHECK(report.exit_code == ExitCode::complete);
  REQUIRE(report.queue);
  CHECK(report.queue->merged);
  CHECK(report.logs == std::vector<std::filesystem::path>{shared.folder.path() / "log.tsv"});
  CHECK(shared.folder.files() == std::vector<std::string>{"exp_config.yaml", "log.tsv"});
  CHECK(shared.run("8").logs.empty());
  CHECK(shared.run_seeds.size() == 4);
}

TEST_CASE("while another job lives all logs stay, and the last one merges them") {
  Shared shared;
  shared.add("other", test::living_writer(role));
  const RunReport first = shared.run("7");
  CHECK(first.exit_code == ExitCode::complete);
  CHECK_FALSE(first.queue->merged);
  CHECK(first.logs.front().filename() == "split_job7.tsv");
  CHECK(shared.has("log_splits/split_job7.tsv"));
  CHECK(shared.has("claims/grid.json"));
  shared.add("other", test::dead_writer(role));
  CHECK(shared.run("8").exit_code == ExitCode::complete);  // has nothing to do but that
  CHECK(shared.folder.files() == std::vector<std::string>{"exp_config.yaml", "log.tsv"});
  CHECK(shared.run_seeds.size() == 4);
}

TEST_CASE("where configs fail the logs stay, and the next job runs those alone") {
  Shared shared;
  shared.failing = 3;
  CHECK(shared.run("7").exit_code == ExitCode::some_failed);
  CHECK(shared.has("log_splits/split_job7.tsv"));
  shared.failing = 0;
  const RunReport report = shared.run("8");
  CHECK(report.exit_code == ExitCode::complete);
  CHECK(report.queue->merged);
  CHECK(shared.run_seeds == std::vector<int>{1, 2, 3, 4, 3});
  CHECK(ExperimentLog::from_tsv(shared.folder.path() / "log.tsv").size() == 4);
}

TEST_CASE("what a filter leaves out is left to others, and the last of these merges") {
  Shared shared;
  ExperimentOptions some;
  some.splits.filter = "seed <= 2";
  const RunReport first = shared.run("7", some);
  CHECK(first.exit_code == ExitCode::complete);
  CHECK(first.counts.total == 2);
  CHECK_FALSE(first.queue->merged);
  CHECK(shared.run("8").queue->merged);
  CHECK(shared.run_seeds == std::vector<int>{1, 2, 3, 4});
}

TEST_CASE("a job that starts again goes on with a chunk that its last start held") {
  Shared shared;
  shared.add("other", test::living_writer(role));  // so that claims stay
  ExperimentOptions some;
  some.splits.filter = "seed <= 2";
  (void)shared.run("7", some);
  test::put_file(base::paths::claim(shared.folder.path(), 2),
                 base::claim_text({base::ChunkClaim::State::held, "dead", {"7"}, 0}));
  CHECK(shared.run("7").exit_code == ExitCode::complete);
  CHECK(shared.run_seeds.size() == 4);
}

TEST_CASE("a job takes its name from Slurm, or makes one up") {
  ::setenv("SLURM_JOB_ID", "4711", 1);
  CHECK(sweep::queue_job_name() == "4711");
  ::unsetenv("SLURM_JOB_ID");
  CHECK(sweep::queue_job_name() != sweep::queue_job_name());
}

TEST_CASE("splits and a fixed schedule do not go with a queue") {
  Shared shared;
  for (int what = 0; what < 3; ++what) {
    ExperimentOptions options;
    if (what == 0) options.splits.total = "2";
    if (what == 1) options.splits.current = "1";
    if (what == 2) options.pace.schedule = Schedule::fixed;
    CHECK_THROWS_WITH(shared.run("7", options), ContainsSubstring("--queue"));
  }
  CHECK(shared.folder.files() == std::vector<std::string>{"exp_config.yaml"});
}

TEST_CASE("the state of a queue counts chunks of jobs that live, and what is complete") {
  Shared shared;
  CHECK_FALSE(sweep::queue_state(sweep::open_folder(shared.folder.path())));
  shared.failing = 4;
  (void)shared.run("7");
  const base::Writer living = test::living_writer(role);
  const base::Writer dead = test::dead_writer(role);
  shared.add("8", living);
  shared.add("9", dead);
  const auto put = [&](std::uint64_t chunk, const base::ChunkClaim& claim) {
    test::put_file(base::paths::claim(shared.folder.path(), chunk), base::claim_text(claim));
  };
  using State = base::ChunkClaim::State;
  put(3, {State::held, living.token, {"7", "8"}, 0});
  auto state = sweep::queue_state(sweep::open_folder(shared.folder.path()));
  REQUIRE(state);
  CHECK(state->chunks == 4);
  CHECK(state->held == 1);
  CHECK(state->done == 3);
  CHECK(state->free() == 0);
  REQUIRE(state->jobs.size() == 3);
  CHECK(state->jobs[0].name == "7");
  CHECK(state->jobs[0].done == 3);
  CHECK_FALSE(state->jobs[0].is_alive);
  CHECK(state->jobs[1].is_alive);
  CHECK(state->jobs[1].held == 1);
  put(3, {State::held, dead.token, {"7", "9"}, 0});
  state = sweep::queue_state(sweep::open_folder(shared.folder.path()));
  CHECK(state->held == 0);
  CHECK(state->free() == 1);
  CHECK(state->jobs[2].held == 1);
}
