#include "base/json/json_read.hpp"
#include "catch.hpp"
#include "exec/command/command_runner.hpp"
#include "process_help.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::exec;
using How = RunEnding::How;
using State = Runner::State;
using malet::test::eventually;
using malet::test::RunnerWatch;
using malet::test::TempFolder;

namespace {

class Bench {
 public:
  explicit Bench(const std::string& command, MetricSource source = MetricSource::file)
      : output(folder.path()),
        runner(CommandSettings{CommandTemplate(command), test::plain_environment(), folder.path(),
                               source},
               output),
        watch(runner) {
    runner.start();
  }

  RunOrder order() const {
    RunOrder run;
    run.config = Config{{"lr", 0.1}, {"name", "a b"}};
    run.run_id = "0123456789abcdef";
    run.attempt = 2;
    run.dir = (folder.path() / "runs" / "01").string();
    return run;
  }
  RunEnding run() { return run(order()); }
  RunEnding run(const RunOrder& run) {
    watch.reports.clear();
    output.clear();
    runner.begin(run);
    return watch.ending();
  }
  std::string out() const { return folder.read("stdout"); }

  TempFolder folder;
  SlotOutput output;
  CommandRunner runner;
  RunnerWatch watch;
};

/// A command line for a script without single quotes; its braces are the shell's.
std::string quoted(const std::string& script) {
  std::string command = "sh -c '";
  for (const char c : script) command.append(c == '{' || c == '}' ? 2 : 1, c);
  return command + "'";
}

}  // namespace

TEST_CASE("a command gets the config's values as arguments, each whole") {
  Bench bench("printf '%s|' {lr} 'x={name}' {run_id} {attempt} {{}}");
  CHECK(bench.runner.state() == State::idle);
  const RunEnding ending = bench.run();
  CHECK(ending.how == How::done);
  CHECK(ending.code == 0);
  CHECK(ending.pid > 0);
  CHECK(bench.out() == "0.1|x=a b|0123456789abcdef|2|{}|");
  CHECK(bench.runner.state() == State::idle);
  CHECK(bench.runner.group() == 0);
}

TEST_CASE("a field of the experiment wins over what is supplied") {
  Bench bench("echo {attempt}");
  RunOrder order = bench.order();
  order.config = Config{{"attempt", "mine"}};
  (void)bench.run(order);
  CHECK(bench.out() == "mine\n");
}

TEST_CASE("a command finds its files by its environment") {
  Bench bench(
      quoted("cat $MALET_CONFIG; echo $MALET_RUN_ID $MALET_ATTEMPT $MALET_RUN_DIR; "
             "cat ${MALET_RESUME-/dev/null}"));
  RunOrder order = bench.order();
  order.resume = {{"loss", Value::List{1, 0.5}}};
  CHECK(bench.run(order).how == How::done);
  CHECK(bench.out() == R"({"lr": 0.1, "name": "a b"})"
                       "\n0123456789abcdef 2 " +
                           order.dir + "\n" + R"({"loss": [1, 0.5]})" + "\n");
  // Only who names the folder gets one.
  CHECK_FALSE(std::filesystem::exists(order.dir));
  // The next run has nothing to resume, and a shorter config.
  order.resume = {};
  order.config = Config{{"lr", 1}};
  (void)bench.run(order);
  CHECK(bench.out() == "{\"lr\": 1}\n0123456789abcdef 2 " + order.dir + "\n");
}

TEST_CASE("the run's folder is made for a command that names it") {
  Bench bench("ls -d {run_dir}");
  CHECK(bench.run().how == How::done);
  CHECK(bench.out() == bench.order().dir + "\n");
}

TEST_CASE("lines of metrics are steps, and the last values come at the end") {
  Bench bench(quoted(R"(echo "{\"loss\": 1}" >> $MALET_METRICS; )"
                     R"(echo "{\"loss\": 0.5}" >> $MALET_METRICS; )"
                     R"(echo "{\"final\": {\"acc\": NaN}}" >> $MALET_METRICS)"));
  const RunEnding ending = bench.run();
  CHECK(ending.how == How::done);
  REQUIRE(bench.watch.reports.size() == 2);
  CHECK(bench.watch.reports[1].metrics.find("loss")->real() == 0.5);
  CHECK(ending.metrics.find("acc") != nullptr);
  // A run starts without the metrics of the one before.
  CHECK(bench.run().how == How::done);
  CHECK(bench.watch.reports.size() == 2);
}

TEST_CASE("a lone line gives scalars when the command succeeds, else it is a step") {
  const bool succeeds = GENERATE(true, false);
  Bench bench(quoted(std::string(R"(echo "{\"acc\": 1}" > $MALET_METRICS; exit )") +
                     (succeeds ? "0" : "1")));
  const RunEnding ending = bench.run();
  CHECK((ending.metrics.find("acc") != nullptr) == succeeds);
  CHECK(bench.watch.reports.size() == (succeeds ? 0 : 1));
}

TEST_CASE("metrics come while the command runs") {
  Bench bench(quoted(R"(echo "{\"loss\": 1}" >> $MALET_METRICS; )"
                     R"(echo "{\"loss\": 2}" >> $MALET_METRICS; sleep 1000)"));
  bench.runner.begin(bench.order());
  CHECK(bench.watch.reported(2));
  CHECK(bench.runner.state() == State::busy);
  bench.runner.kill();
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::killed);
  CHECK(ending.code == SIGKILL);
}

TEST_CASE("metrics on stdout stand among ordinary output") {
  Bench bench(quoted(R"(echo starting; echo "{\"loss\": 1}"; echo "{\"loss\": 2}"; echo "[1]")"),
              MetricSource::output);
  CHECK(bench.run().how == How::done);
  CHECK(bench.watch.reports.size() == 2);
}

TEST_CASE("metrics that cannot be read make the run failed") {
  Bench bench(quoted("echo nonsense > $MALET_METRICS"));
  const RunEnding ending = bench.run();
  CHECK(ending.how == How::failed);
  CHECK_FALSE(ending.error.empty());
}

TEST_CASE("a command without a metrics file has none, and a folder in its place is none") {
  Bench bench(GENERATE(as<std::string>{}, "true", "sh -c 'mkdir $MALET_METRICS'"));
  const RunEnding ending = bench.run();
  CHECK(ending.how == How::done);
  CHECK(ending.metrics.empty());
}

TEST_CASE("a command that floods its metrics does not keep its owner busy") {
  Bench bench("yes", MetricSource::output);
  bench.runner.begin(bench.order());
  CHECK(eventually([&] { return bench.output.out_size() > (std::size_t{8} << 20U); }));
  // Would never come back if it read as long as there is something.
  CHECK_FALSE(bench.runner.turn([](RunReportLine&&) {}));
  bench.runner.kill();
  CHECK(bench.watch.ending().how == How::killed);
}

TEST_CASE("an exit code other than 0 and a signal are told") {
  Bench bench(quoted("exit 3"));
  const RunEnding ending = bench.run();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == 3);
  Bench killed(quoted("kill -ABRT $$"));
  CHECK(killed.run().how == How::killed);
}

TEST_CASE("a command that is told to stop gets a SIGTERM, and its end counts as stopped") {
  Bench bench(quoted("trap \"echo told; exit 0\" TERM; echo up; while :; do sleep 0.01; done"));
  bench.runner.begin(bench.order());
  CHECK(eventually([&] { return !bench.out().empty(); }));
  bench.runner.ask_to_stop("deadline");
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::done);
  CHECK(ending.stopped);
  CHECK(bench.out() == "up\ntold\n");
}

TEST_CASE("a command that is not there or cannot be executed fails its run alone") {
  const TempFolder files;
  const auto data = files.write("data", "x").string();
  using Case = std::pair<std::string, std::string>;
  for (const auto& [command, sentence] :
       {Case{"malet-no-such-program", "No such file"}, Case{data, "Permission denied"}}) {
    Bench bench(command);
    const RunEnding ending = bench.run();
    CHECK(ending.how == How::unable);
    CHECK_THAT(ending.error, ContainsSubstring("cannot be started: " + command));
    CHECK_THAT(ending.error, ContainsSubstring(sentence));
    CHECK(bench.runner.state() == State::idle);
    CHECK(bench.run().how == How::unable);
  }
}

TEST_CASE("files that cannot be written fail the run with their name") {
  Bench bench("true");
  std::filesystem::remove_all(bench.folder.path() / "config.json");
  std::filesystem::create_directory(bench.folder.path() / "config.json");
  const RunEnding ending = bench.run();
  CHECK(ending.how == How::unable);
  CHECK_THAT(ending.error, ContainsSubstring("config.json"));
}

TEST_CASE("a runner between runs leaves at once") {
  Bench bench("sleep 1000");
  bench.runner.begin(bench.order());
  bench.runner.end();
  CHECK(bench.runner.state() == State::busy);
  bench.runner.kill();
  (void)bench.watch.ending();
  bench.runner.end();
  CHECK(bench.runner.state() == State::down);
}
