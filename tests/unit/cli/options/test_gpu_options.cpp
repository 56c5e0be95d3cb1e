#include <string>
#include <vector>

#include "catch.hpp"
#include "cli/options/run_options.hpp"
#include "malet/error.hpp"
#include "unit/cli/options/parsed_options.hpp"

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
