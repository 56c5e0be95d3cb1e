#include <chrono>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/options/options_file.hpp"
#include "cli/options/run_options.hpp"
#include "malet/error.hpp"
#include "temp_folder.hpp"
#include "unit/cli/options/parsed_options.hpp"

using malet::cli::apply_options;
using malet::cli::parse_options_file;
using malet::cli::RunOptions;

namespace {

/// What `run` does with a command line and the text of a malet.yaml.
RunOptions run_options(const std::vector<std::string>& arguments, const std::string& yaml) {
  RunOptions options;
  const auto known = malet::cli::run_options(options);
  malet::cli::Given given = parse_options(known, arguments);
  apply_options(known, given, parse_options_file(yaml, "EXP/malet.yaml"), "EXP/malet.yaml");
  return options;
}

std::string error_of(const std::string& yaml) {
  try {
    (void)run_options({}, yaml);
  } catch (const malet::Error& error) {
    CHECK(error.kind() == malet::ErrorKind::bad_input);
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("malet.yaml may hold a list of values as the current split") {
  const auto split = [](const std::string& yaml) {
    return run_options({}, "total-splits: lr\n" + yaml).experiment.splits.current;
  };
  CHECK(split("curr-split: [1, 2]") == "1 2");
  CHECK(split("curr-split: [a b, c]") == "'a b' c");
  CHECK(split("curr-split: a b") == "a b");
  CHECK(split("curr-split: [\"(64, 32)\", it's me]") == "'(64, 32)' \"it's me\"");
}

TEST_CASE("malet.yaml holds options of run by their names") {
  const auto options = run_options({},
                                   "timeout: 1:30:00\n"
                                   "grace: 5\n"
                                   "schedule: static\n"
                                   "order: random\n"
                                   "rank0: coordinate\n"
                                   "filter: lr <= 0.1\n"
                                   "total-splits: 4\n"
                                   "curr-split: 2\n"
                                   "rerun-failed: no\n"
                                   "jobs: 3\n"
                                   "function: train\n"
                                   "isolation: none\n"
                                   "log-level: debug\n");
  CHECK(options.experiment.limits.timeout == std::chrono::minutes(90));
  CHECK(options.experiment.limits.grace == std::chrono::seconds(5));
  CHECK(options.experiment.pace.schedule == malet::Schedule::fixed);
  CHECK(options.experiment.pace.order == malet::Order::random);
  CHECK(options.experiment.devices.rank0 == malet::Rank0::coordinate);
  CHECK(options.experiment.splits.filter == "lr <= 0.1");
  CHECK(options.experiment.splits.total == "4");
  CHECK(options.experiment.splits.current == "2");
  CHECK_FALSE(options.experiment.pace.rerun_failed);
  CHECK(options.experiment.devices.jobs == 3);
  CHECK(options.host.function == "train");
  CHECK(options.log_level == "debug");
}

TEST_CASE("flags win over malet.yaml") {
  const auto options =
      run_options({"--timeout", "15m", "--plugin", "mine.so", "-j", "2"},
                  "timeout: 2h\ngrace: 7\nplugin: [a.so, b.so]\njobs: 9\nquiet: true\n");
  CHECK(options.experiment.limits.timeout == std::chrono::minutes(15));
  CHECK(options.experiment.limits.grace == std::chrono::seconds(7));
  CHECK(options.host.plugins == std::vector<std::string>{"mine.so"});
  CHECK(options.experiment.devices.jobs == 2);
  CHECK(options.quiet);
}

TEST_CASE("what the command line runs wins over another kind of experiment in malet.yaml") {
  const auto command = run_options({"--command", "./sim"}, "python: train.py:train\njobs: 2\n");
  CHECK(command.host.command == "./sim");
  CHECK(command.host.python.empty());
  CHECK(command.experiment.devices.jobs == 2);
  const auto python = run_options({"--python", "t.py:train"}, "plugin: a.so\nfunction: train\n");
  CHECK(python.host.python == "t.py:train");
  CHECK(python.host.plugins.empty());
  CHECK(python.host.function.empty());
  const auto function = run_options({"--function", "train"}, "command: ./sim\nplugin: a.so\n");
  CHECK(function.host.command.empty());
  CHECK(function.host.plugins == std::vector<std::string>{"a.so"});  // of the same kind
}

TEST_CASE("kinds of experiments that contradict each other on one side stay as they are") {
  const auto flags = run_options({"--command", "./sim", "--python", "t.py:f"}, "plugin: a.so\n");
  CHECK(flags.host.command == "./sim");
  CHECK(flags.host.python == "t.py:f");
  CHECK(flags.host.plugins.empty());
  const auto file = run_options({}, "command: ./sim\npython: t.py:f\n");
  CHECK(file.host.command == "./sim");
  CHECK(file.host.python == "t.py:f");
}

TEST_CASE("lists give options several values") {
  const auto options = run_options({}, "plugin: [a.so, b.so]\nmetrics: [val_loss, val_acc]\n");
  CHECK(options.host.plugins == std::vector<std::string>{"a.so", "b.so"});
  CHECK(options.experiment.storage.metrics == std::vector<std::string>{"val_loss", "val_acc"});
  CHECK(run_options({}, "plugin: a.so\n").host.plugins == std::vector<std::string>{"a.so"});
  CHECK(run_options({}, "metrics: a,b\n").experiment.storage.metrics.size() == 2);
}

TEST_CASE("flags without a value take true and false") {
  CHECK(run_options({}, "quiet: yes\n").quiet);
  CHECK_FALSE(run_options({}, "quiet: no\n").quiet);
  CHECK(run_options({}, "checkpoint: true\nconfigs-save: true\n").experiment.limits.checkpoint);
  CHECK_THAT(error_of("quiet: perhaps\n"), ContainsSubstring("EXP/malet.yaml:1: quiet"));
}

TEST_CASE("an empty malet.yaml changes nothing") {
  CHECK_FALSE(run_options({}, "").experiment.devices.jobs);
  CHECK_FALSE(run_options({}, "# nothing yet\n").experiment.devices.jobs);
}

TEST_CASE("an unknown option is an error that names file and line") {
  CHECK_THAT(error_of("jobs: 2\ntimeoutt: 5\n"),
             ContainsSubstring("EXP/malet.yaml:2: timeoutt is no option of run"));
  CHECK_THAT(error_of("help: true\n"), ContainsSubstring("help is no option"));
  CHECK_THAT(error_of("EXP: elsewhere\n"), ContainsSubstring("EXP is no option"));
  CHECK_THAT(error_of("--jobs: 2\n"), ContainsSubstring("no option"));
  CHECK_THAT(error_of("j: 2\n"), ContainsSubstring("no option"));
}

TEST_CASE("a value that an option refuses is an error that names file and line") {
  CHECK_THAT(error_of("\ntimeout: soon\n"), ContainsSubstring("EXP/malet.yaml:2: --timeout"));
  CHECK_THAT(error_of("jobs: many\n"), ContainsSubstring("EXP/malet.yaml:1:"));
  CHECK_THAT(error_of("jobs: 0\n"), ContainsSubstring("EXP/malet.yaml:1:"));
  CHECK_THAT(error_of("schedule: fifo\n"), ContainsSubstring("'fifo' is none of dynamic|static"));
  CHECK_THAT(error_of("isolation: magic\n"), ContainsSubstring("process|none"));
  CHECK_THAT(error_of("timeout:\n"), ContainsSubstring("timeout: give it a value"));
  CHECK_THAT(error_of("timeout: {hours: 2}\n"), ContainsSubstring("timeout: give it a value"));
}

TEST_CASE("a malet.yaml that is no map is an error") {
  CHECK_THAT(error_of("- jobs\n"), ContainsSubstring("EXP/malet.yaml:1:"));
  CHECK_THAT(error_of("jobs\n"), ContainsSubstring("EXP/malet.yaml:1:"));
}

TEST_CASE("plug-ins and Python files are looked for beside malet.yaml first") {
  const malet::test::TempFolder folder;
  for (const char* name : {"train.so", "train.py", "code/sim.py", "module", "package/x"}) {
    folder.write(name, "x");
  }
  const auto found = [&](const std::string& line) {
    folder.write("malet.yaml", line + "\n");
    return malet::cli::read_options_file(folder.path()).at(0).values;
  };
  const auto beside = [&](const char* name) { return (folder.path() / name).string(); };
  using Strings = std::vector<std::string>;
  CHECK(found("plugin: [train.so, other.so]") == Strings{beside("train.so"), "other.so"});
  CHECK(found("python: train.py:train") == Strings{beside("train.py:train")});
  CHECK(found("python: code/sim.py:f") == Strings{beside("code/sim.py:f")});
  CHECK(found("python: ./train.py:f") == Strings{beside("./train.py:f")});
  CHECK(found("python: elsewhere.py:f") == Strings{"elsewhere.py:f"});
  CHECK(found("python: /abs/train.py:f") == Strings{"/abs/train.py:f"});
  for (const char* other : {"module:f", "package:f", "package/:f", "train.py"}) {
    CHECK(found(std::string("python: ") + other) == Strings{other});
  }
  CHECK(found("command: train.py {lr}") == Strings{"train.py {lr}"});
}

TEST_CASE("a folder without malet.yaml has no options") {
  CHECK(malet::cli::read_options_file("/nonexistent/folder").empty());
}
