#include "catch.hpp"
#include "exec/host/host.hpp"
#include "exec/host/host_main.hpp"
#include "process_help.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::exec;
using How = RunEnding::How;
using State = Runner::State;
using malet::test::eventually;
using malet::test::is_alive;
using malet::test::RunnerWatch;
using malet::test::TempFolder;

namespace {

constexpr const char* ready = R"(echo '{"type":"ready","protocol":1}' >&3; )";
constexpr const char* read_run = "read line <&3; ";
constexpr const char* done = R"(echo '{"type":"done","metrics":{"acc":0.5}}' >&3; )";

/// A host with what is needed around it.
class Bench {
 public:
  explicit Bench(std::vector<std::string> arguments)
      : output(folder.path()),
        host(HostSettings{std::move(arguments), test::plain_environment(), {"how"}, {}}, output),
        watch(host) {}
  explicit Bench(const std::string& script) : Bench(test::shell(script)) {}

  void begin(const std::string& how = "") {
    host.start();
    REQUIRE(watch.reaches(State::idle));
    host.begin(order(how));
  }
  RunOrder order(const std::string& how) const {
    RunOrder run;
    run.config = Config{{"how", how}};
    run.run_id = run.config.run_id();
    run.dir = (folder.path() / "runs" / how).string();
    return run;
  }
  /// The number in a file that the host wrote.
  pid_t number(const std::string& file) const {
    (void)eventually([&] { return folder.read(file).find('\n') != std::string::npos; });
    return std::stoi(folder.read(file));
  }

  TempFolder folder;
  SlotOutput output;
  Host host;
  RunnerWatch watch;
};

std::vector<std::string> program() {
  return {MALET_TEST_HOST, std::string(host_argument), "behave"};
}

}  // namespace

TEST_CASE("a host is up when it says so, and runs one config after the other") {
  Bench bench(std::string(ready) + "while read line <&3; do " + done + "done");
  CHECK(bench.host.state() == State::down);
  bench.begin();
  const int group = bench.host.group();
  CHECK(group > 0);
  for (int i = 0; i < 3; ++i) {
    const RunEnding ending = bench.watch.ending();
    CHECK(ending.how == How::done);
    CHECK(ending.metrics.find("acc")->real() == 0.5);
    CHECK(ending.pid == group);
    CHECK(bench.host.state() == State::idle);
    bench.host.begin(bench.order(""));
  }
  CHECK(bench.host.state() == State::busy);
}

TEST_CASE("the first run line alone carries the protocol") {
  Bench bench(std::string(ready) + "while read line <&3; do echo \"$line\"; " + done + "done");
  bench.begin();
  (void)bench.watch.ending();
  bench.host.begin(bench.order(""));
  (void)bench.watch.ending();
  const std::string lines = bench.folder.read("stdout");
  const auto first = lines.find("\"protocol\": 1");
  REQUIRE(first != std::string::npos);
  CHECK(first < lines.find('\n'));
  CHECK(lines.find("protocol", first + 2) == std::string::npos);
}

TEST_CASE("reports come before the end, with what they ask for") {
  Bench bench(
      std::string(ready) + read_run +
      R"(echo '{"type":"report","metrics":{"a":1},"keep":true}' >&3; )"
      R"(echo '{"type":"report","set":{"b":[1,2]}}' >&3; )" +
      R"(echo '{"type":"failed","error":"E: no","traceback":"x","stopped":true,"keep":true,)"
      R"("cpu":2.5}' >&3; sleep 1000)");
  bench.begin();
  const RunEnding ending = bench.watch.ending();
  REQUIRE(bench.watch.reports.size() == 2);
  CHECK(bench.watch.reports[0].keep);
  CHECK(bench.watch.reports[0].metrics.find("a") != nullptr);
  CHECK(bench.watch.reports[1].set.find("b") != nullptr);
  CHECK_FALSE(bench.watch.reports[1].keep);
  CHECK(ending.how == How::failed);
  CHECK(ending.error == "E: no");
  CHECK(ending.traceback == "x");
  CHECK(ending.stopped);
  CHECK(ending.keep);
  CHECK(ending.cpu_seconds == 2.5);
}

TEST_CASE("a host that leaves or is killed ends its run") {
  const auto [script, how, code] = GENERATE(table<const char*, How, int>({
      {"exit 3", How::exited, 3},
      {"exit 0", How::exited, 0},
      {"kill -SEGV $$", How::killed, SIGSEGV},
  }));
  Bench bench(std::string(ready) + read_run + script);
  bench.begin();
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == how);
  CHECK(ending.code == code);
  CHECK(ending.pid > 0);
  CHECK(bench.host.state() == State::down);
  CHECK(bench.host.group() == 0);
  // And another one can take its place.
  bench.begin();
  CHECK(bench.host.state() == State::busy);
}

TEST_CASE("what a host said before it died counts") {
  Bench bench(std::string(ready) + read_run + done + "exit 1");
  bench.begin();
  CHECK(bench.watch.ending().how == How::done);
  CHECK(bench.watch.ending().how == How::exited);
  CHECK(bench.host.state() == State::down);
}

TEST_CASE("a host that dies before it is up tells how") {
  Bench bench("echo no module >&2; exit 5");
  bench.host.start();
  CHECK(bench.host.state() == State::starting);
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == 5);
  CHECK(bench.output.error_tail(100) == "no module\n");
}

TEST_CASE("a host that cannot be started is told by the next turn") {
  Bench bench(std::vector<std::string>{"malet-no-such-interpreter"});
  bench.host.start();
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::unable);
  CHECK_THAT(ending.error, ContainsSubstring("malet-no-such-interpreter cannot be started"));
  CHECK(bench.host.state() == State::down);
}

TEST_CASE("garbage ends the host, and the run with it") {
  const auto [script, sentence] = GENERATE(table<const char*, const char*>({
      {"echo hello >&3", "cannot be read"},
      {"echo '[1]' >&3", "no JSON object"},
      {R"(echo '{"type":"later"}' >&3)", "'later' is no type"},
      {R"(echo '{"type":"ready","protocol":1}' >&3)", "means nothing"},
      {"head -c 17000000 /dev/zero | tr '\\0' x >&3", "over 16 MiB"},
      {"head -c 17000000 /dev/zero | tr '\\0' x >&3; echo >&3", "over 16 MiB"},
      {"exec 3>&-", "closed its socket"},
  }));
  INFO(script);
  Bench bench(std::string(ready) + read_run + script + "; sleep 1000");
  bench.begin();
  const int pid = bench.host.group();
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::garbled);
  CHECK_THAT(ending.error, ContainsSubstring(sentence));
  CHECK(bench.host.state() == State::down);
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("another protocol, or a result without a run, is garbage") {
  const auto line =
      GENERATE(as<std::string>{}, R"({"type":"ready","protocol":2})", R"({"type":"ready"})",
               R"({"type":"done"})", R"({"type":"report","metrics":{"a":1}})");
  Bench bench(std::string("echo '") + line + "' >&3; sleep 1000");
  bench.host.start();
  CHECK(bench.watch.ending().how == How::garbled);
}

TEST_CASE("a host that reports without end does not keep its owner busy") {
  Bench bench(std::string(ready) + read_run + R"(yes '{"type":"report","metrics":{"a":1}}' >&3)");
  bench.begin();
  CHECK(bench.watch.reported(5000));
  // Each turn came back with a share of it.
  std::size_t largest = 0;
  for (int i = 0; i < 20; ++i) {
    std::size_t reports = 0;
    CHECK_FALSE(bench.host.turn([&](RunReportLine&&) { ++reports; }));
    largest = std::max(largest, reports);
  }
  CHECK(largest <= 1000);
  bench.host.kill();
  CHECK(bench.watch.ending().code == SIGKILL);
}

TEST_CASE("a grandchild that holds the socket open does not hide the host's end") {
  Bench bench(std::string(ready) + read_run +
              "setsid sh -c 'echo $$; exec sleep 1000' & "
              "while [ ! -s /dev/fd/1 ]; do sleep 0.01; done; exit 4");
  bench.begin();
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == 4);
  ::kill(bench.number("stdout"), SIGKILL);
}

TEST_CASE("a host that is asked to stop gets the line and a SIGTERM, and no other run") {
  Bench bench(std::string(ready) + "trap '" +
              R"(echo "{\"type\":\"done\",\"stopped\":true}" >&3' TERM; )" + read_run +
              "echo begun; while :; do sleep 0.01; done");
  bench.begin();
  (void)eventually([&] { return !bench.folder.read("stdout").empty(); });
  bench.host.ask_to_stop("deadline");
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::done);
  CHECK(ending.stopped);
  CHECK(bench.host.state() == State::ending);
  bench.host.kill();
  (void)bench.watch.ending();
  CHECK(bench.host.state() == State::down);
}

TEST_CASE("an idle host that is asked to leave does so in its own time") {
  // It closes its socket first, and then has longer to do than a broken host is given.
  Bench bench(std::string(ready) + "read line <&3; exec 3>&-; sleep 0.8; echo tidy; exit 0");
  bench.host.start();
  REQUIRE(bench.watch.reaches(State::idle));
  bench.host.end();
  CHECK(bench.host.state() == State::ending);
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == 0);
  CHECK(bench.folder.read("stdout") == "tidy\n");
}

TEST_CASE("a host that is asked to leave before it was up leaves in peace") {
  const TempFolder gate;
  Bench bench("while [ ! -e " + (gate.path() / "go").string() + " ]; do sleep 0.01; done; " +
              ready + read_run + "exit 0");
  bench.host.start();
  bench.host.end();
  gate.write("go", "");
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == 0);
}

TEST_CASE("a host in a run is not asked to leave") {
  Bench bench(std::string(ready) + read_run + "sleep 1000");
  bench.begin();
  bench.host.end();
  CHECK(bench.host.state() == State::busy);
}

TEST_CASE("no process is left by a host that is destroyed") {
  pid_t grandchild = 0;
  {
    Bench bench(std::string(ready) + read_run + "sleep 1000 & echo $!; wait");
    bench.begin();
    grandchild = bench.number("stdout");
  }
  CHECK(eventually([&] { return !is_alive(grandchild); }));
}

TEST_CASE("a program around malet::main is a host for its functions") {
  Bench bench(program());
  bench.begin("report");
  RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::done);
  CHECK(ending.keep);
  CHECK(ending.metrics.find("acc")->real() == 0.5);
  CHECK(bench.watch.reports.size() == 3);
  CHECK(bench.watch.reports[0].keep);

  bench.host.begin(bench.order("throw"));
  ending = bench.watch.ending();
  CHECK(ending.how == How::failed);
  CHECK(ending.error == "no such data");
  CHECK_FALSE(ending.keep);

  bench.host.begin(bench.order("throw int"));
  CHECK_THAT(bench.watch.ending().error, ContainsSubstring("no std::exception"));

  bench.host.begin(bench.order("dir"));
  ending = bench.watch.ending();
  CHECK(ending.metrics.find("dir")->text() == (bench.folder.path() / "runs/dir").string());
  CHECK(std::filesystem::is_directory(bench.folder.path() / "runs/dir"));

  bench.host.begin(bench.order("print"));
  CHECK(bench.watch.ending().how == How::done);
  CHECK(bench.folder.read("stdout") == "out\n");
  CHECK(bench.folder.read("stderr") == "err\n");

  bench.host.end();
  ending = bench.watch.ending();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == 0);
}

TEST_CASE("a run goes on with the steps that earlier attempts left") {
  Bench bench(program());
  bench.host.start();
  REQUIRE(bench.watch.reaches(State::idle));
  RunOrder order = bench.order("report");
  order.resume = {{"loss", Value::List{0, 1}}};
  bench.host.begin(order);
  CHECK(bench.watch.ending().how == How::done);
  REQUIRE(bench.watch.reports.size() == 1);
  CHECK(*bench.watch.reports[0].metrics.find("loss") == Value(2));
}

TEST_CASE("a function that exits or aborts ends its host alone") {
  Bench bench(program());
  bench.begin("exit");
  RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == 3);
  bench.begin("abort");
  ending = bench.watch.ending();
  CHECK(ending.how == How::killed);
  CHECK(ending.code == SIGABRT);
}

TEST_CASE("a function that asks whether it should stop returns, one that never does is ended") {
  Bench bench(program());
  bench.begin("wait");
  REQUIRE(bench.watch.reported(1));
  ::usleep(20'000);  // it must have asked once
  bench.host.ask_to_stop("deadline");
  RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::done);
  CHECK(ending.stopped);
  CHECK(bench.host.state() == State::ending);
  (void)bench.watch.ending();

  bench.begin("hang");
  REQUIRE(bench.watch.reported(2));
  bench.host.ask_to_stop("timeout");
  ending = bench.watch.ending();
  CHECK(ending.how == How::killed);
  CHECK(ending.code == SIGTERM);
}

TEST_CASE("a function that is not there ends the host with a sentence") {
  Bench bench({MALET_TEST_HOST, std::string(host_argument), "nonsense"});
  bench.host.start();
  const RunEnding ending = bench.watch.ending();
  CHECK(ending.how == How::exited);
  CHECK(ending.code == static_cast<int>(ExitCode::internal));
  CHECK_THAT(bench.output.error_tail(2048), ContainsSubstring("nonsense"));
}
