#include <set>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "exec/devices/gpu_map.hpp"
#include "malet/error.hpp"

using namespace malet::exec;
using Strings = std::vector<std::string>;
using Variables = std::vector<std::pair<std::string, std::string>>;

namespace {

/// Indices of CUDA_VISIBLE_DEVICES, whose keys nobody knows.
std::vector<Gpu> indices(const Strings& ids) {
  std::vector<Gpu> gpus;
  for (const std::string& id : ids) {
    gpus.push_back({GpuVendor::nvidia, cuda_visible_devices, id, true, ""});
  }
  return gpus;
}

/// The same with keys.
std::vector<Gpu> keyed(const Strings& ids, const Strings& keys) {
  std::vector<Gpu> gpus = indices(ids);
  for (std::size_t i = 0; i < gpus.size(); ++i) gpus[i].key = keys[i];
  return gpus;
}

std::vector<Gpu> named(GpuVendor vendor, const char* variable, const Strings& ids) {
  std::vector<Gpu> gpus;
  for (const std::string& id : ids) gpus.push_back({vendor, variable, id, false, id});
  return gpus;
}

const std::vector<Gpu> two = indices({"0", "1"});
const std::vector<Gpu> four = indices({"0", "1", "2", "3"});

std::vector<RankGpus> ranks_on(const std::string& node, int count, const std::vector<Gpu>& gpus,
                               std::optional<int> slots = {}) {
  return std::vector<RankGpus>(static_cast<std::size_t>(count), RankGpus{node, gpus, 8, slots});
}

std::vector<RankGpus> operator+(std::vector<RankGpus> a, const std::vector<RankGpus>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Per rank, the devices of its slots: "0 1" are two slots, "0,1" is one, "-" is a slot without.
Strings dealt(const GpuMap& map) {
  Strings all;
  for (const auto& rank : map.ranks) {
    std::string text;
    for (const GpuSlot& slot : rank.slots) {
      if (!text.empty()) text += ' ';
      text += slot.gpus.empty() ? "-" : gpu_ids(slot.gpus);
    }
    all.push_back(text);
  }
  return all;
}

Strings dealt(const std::vector<RankGpus>& ranks, const GpuOptions& options = {}) {
  return dealt(deal_gpus(ranks, options));
}

}  // namespace

TEST_CASE("eight ranks on two nodes of four get a device each, rank 0 as well") {
  const auto ranks = ranks_on("n1", 4, four) + ranks_on("n2", 4, four);
  CHECK(dealt(ranks) == Strings{"0", "1", "2", "3", "0", "1", "2", "3"});
  CHECK(deal_gpus(ranks, {}).unused.empty());
}

TEST_CASE("nine ranks as five and four leave rank 0 without") {
  const auto ranks = ranks_on("n1", 5, four) + ranks_on("n2", 4, four);
  CHECK(dealt(ranks) == Strings{"", "0", "1", "2", "3", "0", "1", "2", "3"});
}

TEST_CASE("of three ranks for two devices rank 0 goes without") {
  CHECK(dealt(ranks_on("n1", 3, two)) == Strings{"", "0", "1"});
}

TEST_CASE("ranks may alternate between nodes") {
  const std::vector<RankGpus> ranks = {{"n1", two}, {"n2", two}, {"n1", two}, {"n2", two}};
  CHECK(dealt(ranks) == Strings{"0", "0", "1", "1"});
}

TEST_CASE("a lone rank keeps every device busy") {
  CHECK(dealt(ranks_on("n1", 1, four)) == Strings{"0 1 2 3"});
  CHECK(dealt(ranks_on("n1", 1, four), {.gpus_per_run = 2}) == Strings{"0,1 2,3"});
  CHECK(dealt(ranks_on("n1", 1, two), {.runs_per_gpu = 2}) == Strings{"0 0 1 1"});
  CHECK(dealt(ranks_on("n1", 1, four) + ranks_on("n2", 1, two)) == Strings{"0 1 2 3", "0 1"});
}

TEST_CASE("ranks that share more devices than they are get even shares") {
  CHECK(dealt(ranks_on("n1", 2, four)) == Strings{"0 1", "2 3"});
  CHECK(dealt(ranks_on("n1", 2, two), {.runs_per_gpu = 2}) == Strings{"0 0", "1 1"});
  const auto map = deal_gpus(ranks_on("n1", 3, four), {});
  CHECK(dealt(map) == Strings{"0", "1", "2"});
  REQUIRE(map.unused.size() == 1);
  CHECK(gpu_ids(map.unused[0].gpus) == "3");
}

TEST_CASE("with --slots a rank has exactly so many") {
  CHECK(dealt(ranks_on("n1", 1, four, 1)) == Strings{"0"});
  CHECK(dealt(ranks_on("n1", 1, four, 3)) == Strings{"0 1 2"});
  CHECK(dealt(ranks_on("n1", 2, four, 2)) == Strings{"0 1", "2 3"});
}

TEST_CASE("runs that may share spread over all devices first") {
  CHECK(dealt(ranks_on("n1", 4, four, 1), {.runs_per_gpu = 2}) == Strings{"0", "1", "2", "3"});
  CHECK(dealt(ranks_on("n1", 3, two, 1), {.runs_per_gpu = 2}) == Strings{"0", "0", "1"});
  CHECK(dealt(ranks_on("n1", 4, two, 1), {.runs_per_gpu = 4}) == Strings{"0", "0", "1", "1"});
  CHECK(dealt(ranks_on("n1", 5, two), {.runs_per_gpu = 2}) == Strings{"", "0", "0", "1", "1"});
}

TEST_CASE("per-task binding: ranks that were each given another device keep it") {
  std::vector<RankGpus> ranks;
  for (const char* id : {"2", "0", "3", "1"}) ranks.push_back({"n1", indices({id})});
  CHECK(dealt(ranks) == Strings{"2", "0", "3", "1"});
  const std::vector<RankGpus> pairs = {{"n1", indices({"0", "1"})}, {"n1", indices({"2", "3"})}};
  CHECK(dealt(pairs) == Strings{"0 1", "2 3"});
  CHECK(dealt(pairs, {.gpus_per_run = 2}) == Strings{"0,1", "2,3"});
}

TEST_CASE("ranks in cgroups that each call their own device 0 keep it when keys tell") {
  const std::vector<RankGpus> ranks = {{"n1", keyed({"0"}, {"GPU-a"})},
                                       {"n1", keyed({"0"}, {"GPU-b"})},
                                       {"n1", keyed({"0"}, {"GPU-c"})}};
  CHECK(dealt(ranks) == Strings{"0", "0", "0"});
}

TEST_CASE("ranks that are given the same index and know no keys have the same device") {
  CHECK(dealt(ranks_on("n1", 2, indices({"0"}))) == Strings{"", "0"});
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 3, indices({"0"}))), ContainsSubstring("do not fit"));
}

TEST_CASE("a device that ranks know by other names is dealt once, by each rank's own name") {
  const std::vector<RankGpus> ranks = {{"n1", keyed({"0", "1"}, {"GPU-a", "GPU-b"})},
                                       {"n1", keyed({"0", "1"}, {"GPU-b", "GPU-a"})}};
  CHECK(dealt(ranks) == Strings{"0", "0"});
}

TEST_CASE("ranks bound in pairs share within a pair") {
  const auto low = indices({"0", "1"});
  const auto high = indices({"2", "3"});
  CHECK(dealt(ranks_on("n1", 2, low) + ranks_on("n1", 2, high)) == Strings{"0", "1", "2", "3"});
}

TEST_CASE("ranks that see some devices in common are refused, with what each sees") {
  const std::vector<RankGpus> ranks = {{"n1", indices({"0", "1"})}, {"n1", indices({"1", "2"})}};
  try {
    (void)deal_gpus(ranks, {});
    FAIL("dealt");
  } catch (const malet::Error& error) {
    CHECK(error.kind() == malet::ErrorKind::bad_input);
    CHECK_THAT(error.what(), ContainsSubstring("rank 0 and rank 1") &&
                                 ContainsSubstring("(0,1 and 1,2)") && ContainsSubstring("\nnode"));
  }
  CHECK(dealt(ranks, {.gpus_per_run = 0}) == Strings{"-", "-"});
}

TEST_CASE("MIG instances are dealt like devices") {
  const auto gpus = named(GpuVendor::nvidia, cuda_visible_devices, {"MIG-a", "MIG-b", "MIG-c"});
  CHECK(dealt(ranks_on("n1", 3, gpus)) == Strings{"MIG-a", "MIG-b", "MIG-c"});
}

TEST_CASE("AMD's devices and Intel's tiles are dealt like any") {
  CHECK(dealt(ranks_on("n1", 2, named(GpuVendor::amd, rocr_visible_devices, {"4", "5"}))) ==
        Strings{"4", "5"});
  const auto tiles = named(GpuVendor::intel, ze_affinity_mask, {"0.0", "0.1", "1.0", "1.1"});
  CHECK(dealt(ranks_on("n1", 2, tiles, 1), {.gpus_per_run = 2}) == Strings{"0.0,0.1", "1.0,1.1"});
}

TEST_CASE("without any device every rank has its slots, rank 0 as well") {
  CHECK(dealt(ranks_on("n1", 3, {})) == Strings{"-", "-", "-"});
  CHECK(dealt(ranks_on("n1", 1, {}, 4)) == Strings{"- - - -"});
  CHECK(dealt(ranks_on("n1", 2, {}), {.gpus_per_run = 0}) == Strings{"-", "-"});
  CHECK(dealt(std::vector<RankGpus>()).empty());
}

TEST_CASE("asking for devices where there are none is an error") {
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 2, {}), {.gpus_per_run = 1}),
                    ContainsSubstring("--gpus-per-run 1 cannot be met, as no rank sees a GPU"));
}

TEST_CASE("a rank on a node without devices is an error when others have some") {
  const auto ranks = ranks_on("n1", 2, two) + ranks_on("n2", 1, {});
  CHECK_THROWS_WITH(dealt(ranks), ContainsSubstring("rank 2 on node 'n2'") &&
                                      ContainsSubstring("--gpus-per-run (0 if runs need none)"));
  // rank 0 on a login or service node only coordinates
  CHECK(dealt(ranks_on("n0", 1, {}) + ranks_on("n1", 2, two)) == Strings{"", "0", "1"});
}

TEST_CASE("two slots on one device need --runs-per-gpu, and the error prints the map") {
  const auto ranks = ranks_on("n1", 2, two, 2);
  try {
    (void)deal_gpus(ranks, {});
    FAIL("dealt");
  } catch (const malet::Error& error) {
    CHECK(std::string(error.what()) ==
          "ranks 0-1 on node 'n1': 4 slots at 1 GPU a run do not fit on 2 GPUs: start fewer ranks "
          "or slots, or pass --runs-per-gpu 2 to share, or --gpus-per-run 0 if runs need none\n"
          "node  rank  slot  GPUs  cores\n"
          "n1       0     0  0         4\n"
          "n1       0     1  1         4\n"
          "n1       1     0  none      4\n"
          "n1       1     1  none      4\n");
  }
  CHECK(dealt(ranks, {.runs_per_gpu = 2}) == Strings{"0 0", "1 1"});
}

TEST_CASE("fewer devices than a run needs is an error") {
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 1, two), {.gpus_per_run = 3}),
                    ContainsSubstring("a run needs 3 GPUs and there are 2"));
}

TEST_CASE("rank 0 coordinates or works when told to") {
  CHECK(dealt(ranks_on("n1", 3, four), {.rank0 = RankZero::coordinate}) ==
        Strings{"", "0 1", "2 3"});
  CHECK(dealt(ranks_on("n1", 2, {}), {.rank0 = RankZero::coordinate}) == Strings{"", "-"});
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 3, two), {.rank0 = RankZero::work}),
                    ContainsSubstring("do not fit"));
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 1, two), {.rank0 = RankZero::coordinate}),
                    ContainsSubstring("leaves no rank to run configs"));
}

TEST_CASE("a rank 0 that was given no device of its own goes without") {
  const std::vector<RankGpus> ranks = {{"n1", {}}, {"n1", indices({"0"})}, {"n1", indices({"1"})}};
  CHECK(dealt(ranks) == Strings{"", "0", "1"});
}

TEST_CASE("slots share their rank's cores, with one at least") {
  const auto map = deal_gpus(ranks_on("n1", 1, four), {});
  CHECK(map.ranks[0].slots[3].cores == 2);
  CHECK(deal_gpus(ranks_on("n1", 1, {}, 20), {}).ranks[0].slots[0].cores == 1);
  CHECK(deal_gpus(ranks_on("n1", 1, {}), {}).ranks[0].slots[0].cores == 8);
}

TEST_CASE("no device is dealt twice, whatever the numbers") {
  for (int devices = 1; devices <= 9; ++devices) {
    Strings ids;
    for (int i = 0; i < devices; ++i) ids.push_back(std::to_string(i));
    for (int ranks = 1; ranks <= devices + 1; ++ranks) {
      for (int share = 1; share <= 3; ++share) {
        const auto map = deal_gpus(ranks_on("n1", ranks, indices(ids)), {.runs_per_gpu = share});
        std::multiset<std::string> given;
        for (const auto& rank : map.ranks) {
          for (const GpuSlot& slot : rank.slots) given.insert(gpu_ids(slot.gpus));
        }
        for (const std::string& id : ids) CHECK(given.count(id) <= static_cast<std::size_t>(share));
        const std::size_t unused = map.unused.empty() ? 0 : map.unused[0].gpus.size();
        CHECK(std::set(given.begin(), given.end()).size() + unused == ids.size());
      }
    }
  }
}

TEST_CASE("options that mean nothing are refused") {
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 1, two), {.gpus_per_run = -1}),
                    ContainsSubstring("--gpus-per-run"));
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 1, two), {.runs_per_gpu = 0}),
                    ContainsSubstring("--runs-per-gpu"));
  CHECK_THROWS_WITH(dealt(ranks_on("n1", 1, two, 0)), ContainsSubstring("--slots"));
}

TEST_CASE("the map tells of every slot, of a rank that coordinates and of unused devices") {
  const auto ranks = ranks_on("n1", 3, two) + ranks_on("node22", 1, four, 3);
  CHECK(gpu_map_text(deal_gpus(ranks, {})) ==
        "node    rank  slot  GPUs              cores\n"
        "n1         0     -  coordinates only      -\n"
        "n1         1     0  0                     8\n"
        "n1         2     0  1                     8\n"
        "node22     3     0  0                     2\n"
        "node22     3     1  1                     2\n"
        "node22     3     2  2                     2\n"
        "unused on node22: 3 (seen by rank 3)\n");
}

TEST_CASE("a run's environment names its devices by the vendor's variable") {
  CHECK(gpu_environment(indices({"2", "3"})) == Variables{{"CUDA_VISIBLE_DEVICES", "2,3"},
                                                          {"CUDA_DEVICE_ORDER", "PCI_BUS_ID"},
                                                          {"MALET_GPUS", "2,3"}});
  CHECK(gpu_environment(named(GpuVendor::nvidia, cuda_visible_devices, {"MIG-a"})) ==
        Variables{{"CUDA_VISIBLE_DEVICES", "MIG-a"}, {"MALET_GPUS", "MIG-a"}});
  CHECK(gpu_environment(named(GpuVendor::amd, hip_visible_devices, {"1"})) ==
        Variables{{"HIP_VISIBLE_DEVICES", "1"}, {"MALET_GPUS", "1"}});
  CHECK(gpu_environment(named(GpuVendor::intel, ze_affinity_mask, {"0.1"})) ==
        Variables{{"ZE_AFFINITY_MASK", "0.1"}, {"MALET_GPUS", "0.1"}});
}

TEST_CASE("devices are hidden from a run only when it was asked for none") {
  CHECK(gpu_environment({}) == Variables{{"MALET_GPUS", ""}});
  const auto map = deal_gpus(ranks_on("n1", 1, two), {.gpus_per_run = 0});
  const GpuSlot& slot = map.ranks[0].slots.at(0);
  CHECK(gpu_environment(slot.gpus, slot.hidden) ==
        Variables{{"CUDA_VISIBLE_DEVICES", ""}, {"MALET_GPUS", ""}});
  CHECK(gpu_environment({}, named(GpuVendor::amd, hip_visible_devices, {"0"})).front() ==
        std::pair<std::string, std::string>("HIP_VISIBLE_DEVICES", "-1"));
}
