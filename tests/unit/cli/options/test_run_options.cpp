#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/options/run_options.hpp"
#include "malet/error.hpp"
#include "unit/cli/options/parsed_options.hpp"

using malet::cli::RunOptions;

namespace {

RunOptions parse_run(const std::vector<std::string>& arguments) {
  RunOptions options;
  (void)parse_options(
      malet::cli::joined({{malet::cli::folder_argument(options.exp)}, run_options(options)}),
      arguments);
  return options;
}

}  // namespace

TEST_CASE("run without flags has the defaults") {
  const auto options = parse_run({"EXP"});
  CHECK(options.exp == "EXP");
  CHECK(options.host.plugins.empty());
  CHECK(options.isolation.empty());
  CHECK(options.host.interpreter == "python3");
  CHECK(options.experiment.pace.schedule == malet::Schedule::dynamic);
  CHECK(options.experiment.splits.total == "1");
  CHECK(options.experiment.pace.rerun_failed);
  CHECK_FALSE(options.experiment.limits.timeout);
  CHECK(options.experiment.limits.grace == std::chrono::seconds(20));
  CHECK(options.experiment.limits.gate);
  CHECK_FALSE(options.quiet);
}

TEST_CASE("a repeated plug-in flag does not swallow the folder") {
  const auto options = parse_run({"--plugin", "a.so", "--plugin", "b.so", "EXP"});
  CHECK(options.exp == "EXP");
  CHECK(options.host.plugins == std::vector<std::string>{"a.so", "b.so"});
}

TEST_CASE("values may begin with a dash") {
  CHECK(parse_run({"EXP", "--filter", "-x < 1"}).experiment.splits.filter == "-x < 1");
  CHECK(parse_run({"EXP", "--curr-split", "-1 2"}).experiment.splits.current == "-1 2");
}

TEST_CASE("metric names are separated by commas") {
  CHECK(parse_run({"EXP", "--metrics", "a, b"}).experiment.storage.metrics ==
        std::vector<std::string>{"a", "b"});
  CHECK_THROWS_AS(parse_run({"EXP", "--metrics", "a,,b"}), malet::Error);
}

TEST_CASE("what run does not know is refused") {
  CHECK_THROWS_AS(parse_run({}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "EXP2"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--no-such-flag"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "-j", "0"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "-j", "x"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--timeout", "soon"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--schedule", "fifo"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--isolation", "thread"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--log-level", "loud"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--timeout"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--gate", "maybe"}), malet::Error);
}

TEST_CASE("what runs fail by and what is kept of them is said by flags") {
  const auto options =
      parse_run({"EXP", "--retries", "2", "--halt", "fail=3", "--run-timeout", "200%",
                 "--run-memory", "1G", "--runs-per-host", "50", "--keep-output", "all"})
          .experiment;
  CHECK(options.pace.retries == 2);
  CHECK(options.limits.halt.failures == 3U);
  CHECK(options.limits.run_timeout.median_percent == 200);
  CHECK(options.limits.run_memory == std::uint64_t{1} << 30U);
  CHECK(options.devices.runs_per_host == 50);
  CHECK(options.storage.keep_output == malet::KeepOutput::all);
  const auto defaults = parse_run({"EXP"}).experiment;
  CHECK(defaults.pace.retries == 0);
  CHECK_FALSE(defaults.limits.halt.failures);
  CHECK_FALSE(defaults.limits.run_memory);
  CHECK(defaults.storage.keep_output == malet::KeepOutput::failed);
  CHECK_THROWS_AS(parse_run({"EXP", "--keep-output", "some"}), malet::Error);
  CHECK_THROWS_AS(parse_run({"EXP", "--runs-per-host", "0"}), malet::Error);
}

TEST_CASE("the gate can be opened") {
  CHECK_FALSE(parse_run({"EXP", "--gate", "off"}).experiment.limits.gate);
  CHECK(parse_run({"EXP", "--gate", "on"}).experiment.limits.gate);
  CHECK(parse_run({"EXP", "--checkpoint"}).experiment.limits.checkpoint);
}

TEST_CASE("a run has a command, a Python function or a registered one") {
  const auto command =
      parse_run({"EXP", "--command", "./sim --lr {lr}", "--metrics-from", "stdout"});
  CHECK(command.host.command == "./sim --lr {lr}");
  CHECK(command.host.metrics_from_stdout);
  const auto python = parse_run({"EXP", "--python", "t.py:train", "--interpreter", "/opt/py"});
  CHECK(python.host.python == "t.py:train");
  CHECK(python.host.interpreter == "/opt/py");
  CHECK(parse_run({"EXP", "--function", "train"}).host.function == "train");
}

using namespace malet;

namespace {

DeviceOptions parse_gpus(const std::vector<std::string>& arguments) {
  DeviceOptions devices;
  (void)parse_options(cli::gpu_options(devices), arguments);
  return devices;
}

}  // namespace

TEST_CASE("devices are dealt out as they come, unless it is said") {
  CHECK_FALSE(parse_gpus({}).gpus_per_run);
  CHECK(parse_gpus({}).runs_per_gpu == 1);
  CHECK(parse_gpus({"--gpus-per-run", "0"}).gpus_per_run == 0);
  CHECK(parse_gpus({"--gpus-per-run", "4"}).gpus_per_run == 4);
  CHECK(parse_gpus({"--runs-per-gpu", "3"}).runs_per_gpu == 3);
}

TEST_CASE("numbers of devices that make no sense are refused") {
  CHECK_THROWS_AS(parse_gpus({"--gpus-per-run", "-1"}), Error);
  CHECK_THROWS_AS(parse_gpus({"--runs-per-gpu", "0"}), Error);
  CHECK_THROWS_AS(parse_gpus({"--runs-per-gpu", "half"}), Error);
}

TEST_CASE("gpus takes what run takes, as far as slots and devices go") {
  DeviceOptions devices;
  const auto parse_all = [&](const std::vector<std::string>& arguments) {
    (void)parse_options(cli::device_options(devices), arguments);
  };
  CHECK_NOTHROW(parse_all({"-j", "2", "--slots", "3", "--rank0", "work", "--gpus-per-run", "1",
                           "--runs-per-gpu", "2"}));
  CHECK(devices.rank0 == Rank0::work);
  CHECK_THROWS_AS(parse_all({"--timeout", "90"}), Error);
  CHECK_THROWS_AS(parse_all({"EXP"}), Error);
}
