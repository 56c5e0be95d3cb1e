#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/commands/gpus_command.hpp"
#include "cli/options/gpu_options.hpp"

using namespace malet;

namespace {

ExperimentOptions parse(std::vector<std::string> arguments) {
  CLI::App app;
  ExperimentOptions options;
  cli::add_gpu_options(app, options);
  app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  return options;
}

}  // namespace

TEST_CASE("devices are dealt out as they come, unless it is said") {
  CHECK_FALSE(parse({}).devices.gpus_per_run);
  CHECK(parse({}).devices.runs_per_gpu == 1);
  CHECK(parse({"--gpus-per-run", "0"}).devices.gpus_per_run == 0);
  CHECK(parse({"--gpus-per-run", "4"}).devices.gpus_per_run == 4);
  CHECK(parse({"--runs-per-gpu", "3"}).devices.runs_per_gpu == 3);
}

TEST_CASE("numbers of devices that make no sense are refused") {
  CHECK_THROWS_AS(parse({"--gpus-per-run", "-1"}), CLI::ParseError);
  CHECK_THROWS_AS(parse({"--runs-per-gpu", "0"}), CLI::ParseError);
  CHECK_THROWS_AS(parse({"--runs-per-gpu", "half"}), CLI::ParseError);
}

TEST_CASE("gpus takes what run takes, as far as slots and devices go") {
  CLI::App program;
  const cli::Subcommand command = cli::add_gpus_command(program);
  const auto parse_all = [&](std::vector<std::string> arguments) {
    program.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  };
  CHECK_NOTHROW(parse_all({"gpus", "-j", "2", "--slots", "3", "--rank0", "work", "--gpus-per-run",
                           "1", "--runs-per-gpu", "2"}));
  CHECK_THROWS_AS(parse_all({"gpus", "--timeout", "90"}), CLI::ParseError);
  CHECK_THROWS_AS(parse_all({"gpus", "EXP"}), CLI::ParseError);
}
