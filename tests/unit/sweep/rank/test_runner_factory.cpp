#include "catch.hpp"
#include "malet/registry.hpp"
#include "process_help.hpp"
#include "sweep/rank/runner_factory.hpp"
#include "temp_folder.hpp"

using namespace malet;
using namespace malet::sweep;
using HostKind = ExperimentHost::Kind;
using malet::test::RunnerWatch;
using malet::test::TempFolder;

namespace {

const auto configs = ConfigIter::from_text("model: m\ngrid: {lr: [0.1, 0.2]}");

ExperimentHost command(const std::string& text) {
  ExperimentHost host;
  host.kind = HostKind::command;
  host.command = text;
  return host;
}

ExperimentHost python(const std::string& text) {
  ExperimentHost host;
  host.kind = HostKind::python;
  host.python = text;
  return host;
}

}  // namespace

TEST_CASE("a command may name fields of the config and what is supplied, nothing else") {
  CHECK_NOTHROW(check_host(command("x {lr} {model} {run_id} {run_dir} {attempt} {{lx}}"), configs));
  CHECK_THROWS_WITH(check_host(command("x {lx}"), configs),
                    ContainsSubstring("'{lx}'") && ContainsSubstring("{{ and }}"));
  CHECK_THROWS_AS(check_host(command(""), configs), Error);
  CHECK_THROWS_AS(check_host(command("'x"), configs), Error);
}

TEST_CASE("a Python function is FILE:FUNCTION, and the file is there") {
  const TempFolder folder;
  const auto file = folder.write("train.py", "").string();
  CHECK_NOTHROW(check_host(python(file + ":train"), configs));
  CHECK_NOTHROW(check_host(python("package.module:train"), configs));
  for (const std::string text : {"", "train.py", ":train", "train.py:"}) {
    CHECK_THROWS_WITH(check_host(python(text), configs), ContainsSubstring("FILE:FUNCTION"));
  }
  CHECK_THROWS_WITH(check_host(python(file + "x.py:train"), configs),
                    ContainsSubstring("there is no file"));
}

TEST_CASE("a function must be there") {
  ExperimentHost host;
  host.function = "nonsense";
  CHECK_THROWS_AS(check_host(host, configs), Error);
  host.plugins = {"/no/such/plugin.so"};
  CHECK_THROWS_WITH(check_host(host, configs), ContainsSubstring("/no/such/plugin.so"));
}

TEST_CASE("a program is fixed unless its name has a field in it") {
  CHECK(has_fixed_program(ExperimentHost()));
  CHECK(has_fixed_program(python("a:b")));
  CHECK(has_fixed_program(command("./sim {lr}")));
  CHECK_FALSE(has_fixed_program(command("./sim{lr}")));
}

TEST_CASE("a runner has the variables of its slot") {
  const TempFolder folder;
  exec::SlotOutput output(folder.path());
  const auto runner =
      make_runner(command("sh -c 'echo $MALET_GPUS $MALET_SLOT'"), {}, configs, output,
                  {{{"MALET_GPUS", "1,2"}, {"MALET_SLOT", "m.0"}}, folder.path()});
  runner->start();
  exec::RunOrder order;
  order.config = configs.config(0);
  runner->begin(order);
  RunnerWatch watch(*runner);
  CHECK(watch.ending().how == exec::RunEnding::How::done);
  CHECK(folder.read("stdout") == "1,2 m.0\n");
}
