#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json/json_read.hpp"
#include "catch.hpp"
#include "exec/devices/gpu_inventory.hpp"
#include "exec/devices/gpu_map.hpp"
#include "malet/value.hpp"

using namespace malet::exec;
using malet::Value;

namespace {

/// What a process finds whose environment was recorded, on a machine that has no devices to ask.
std::vector<Gpu> recorded(const std::string& variable, const std::string& value) {
  GpuSources sources;
  sources.root = "/nowhere";
  sources.variable = [=](const char* name) {
    return name == variable ? std::optional(value) : std::nullopt;
  };
  sources.is_denied = [](const std::filesystem::path&) { return false; };
  sources.nvml = [] { return std::vector<std::string>(); };
  return usable_gpus(sources);
}

Value document(const std::vector<RankGpus>& ranks, const GpuOptions& options = {}) {
  const std::string text = gpu_map_json(deal_gpus(ranks, options));
  CHECK(text.back() == '\n');
  return malet::base::read_json(text);
}

/// A part of a document as one line of JSON.
std::string part(const Value& map, const char* name) {
  const Value* found = map.find(name);
  REQUIRE(found != nullptr);
  return to_json(*found);
}

}  // namespace

TEST_CASE("the JSON map tells of slots with their variables, and of a rank that coordinates") {
  const auto two = recorded("CUDA_VISIBLE_DEVICES", "4,6");
  const Value map = document({{"n1", two, 8, {}}, {"n1", two, 8, {}}, {"n1", two, 8, {}}});
  CHECK(part(map, "slots") ==
        R"([{"rank": 1, "node": "n1", "slot": 0, "gpus": ["4"], "variables": )"
        R"({"CUDA_VISIBLE_DEVICES": "4", "CUDA_DEVICE_ORDER": "PCI_BUS_ID", "MALET_GPUS": "4"}, )"
        R"("cores": 8}, )"
        R"({"rank": 2, "node": "n1", "slot": 0, "gpus": ["6"], "variables": )"
        R"({"CUDA_VISIBLE_DEVICES": "6", "CUDA_DEVICE_ORDER": "PCI_BUS_ID", "MALET_GPUS": "6"}, )"
        R"("cores": 8}])");
  CHECK(part(map, "coordinators") == R"([{"rank": 0, "node": "n1"}])");
  CHECK(part(map, "unused") == "[]");
}

TEST_CASE("the JSON map names devices by what each vendor calls them") {
  const auto slots = [](const char* variable, const char* value) {
    return part(document({{"n1", recorded(variable, value), 4, {}}}, {.gpus_per_run = 2}), "slots");
  };
  CHECK_THAT(slots("CUDA_VISIBLE_DEVICES", "MIG-a,MIG-b"),
             ContainsSubstring(R"("gpus": ["MIG-a", "MIG-b"], "variables": )"
                               R"({"CUDA_VISIBLE_DEVICES": "MIG-a,MIG-b", "MALET_GPUS": )"));
  CHECK_THAT(slots("HIP_VISIBLE_DEVICES", "0,1"),
             ContainsSubstring(R"("variables": {"HIP_VISIBLE_DEVICES": "0,1", "MALET_GPUS": )"));
  CHECK_THAT(slots("ZE_AFFINITY_MASK", "0.0,0.1"),
             ContainsSubstring(R"("gpus": ["0.0", "0.1"], "variables": {"ZE_AFFINITY_MASK": )"));
}

TEST_CASE("the JSON map tells of devices that nobody uses, and of slots without any") {
  const auto four = recorded("CUDA_VISIBLE_DEVICES", "0,1,2,3");
  const Value unused = document({{"n1", four, 8, 1}});
  CHECK(part(unused, "unused") == R"([{"node": "n1", "gpus": ["1", "2", "3"], "seen_by": [0]}])");
  const Value hidden = document({{"n1", four, 8, 1}}, {.gpus_per_run = 0});
  CHECK(part(hidden, "slots") ==
        R"([{"rank": 0, "node": "n1", "slot": 0, "gpus": [], "variables": )"
        R"({"CUDA_VISIBLE_DEVICES": "", "MALET_GPUS": ""}, "cores": 8}])");
  CHECK(part(document({{"n1", {}, 2, 2}}), "slots") ==
        R"([{"rank": 0, "node": "n1", "slot": 0, "gpus": [], "variables": {"MALET_GPUS": ""}, )"
        R"("cores": 1}, )"
        R"({"rank": 0, "node": "n1", "slot": 1, "gpus": [], "variables": {"MALET_GPUS": ""}, )"
        R"("cores": 1}])");
}
