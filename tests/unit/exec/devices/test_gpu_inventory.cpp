#include <array>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "exec/devices/gpu_inventory.hpp"
#include "exec/devices/nvml.hpp"

using namespace malet::exec;
using Strings = std::vector<std::string>;

namespace {

/// A recorded environment on a recorded machine.
struct Machine {
  std::map<std::string, std::string> environment = {};
  std::string folder = "nowhere";
  Strings nvml = {};
  std::string denied = {};  // a device file

  [[nodiscard]] std::vector<Gpu> gpus() const {
    GpuSources sources;
    sources.root = std::string(MALET_TEST_DATA) + "/gpu/" + folder;
    sources.variable = [this](const char* name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    sources.is_denied = [this](const std::filesystem::path& file) {
      return file.filename() == denied;
    };
    sources.nvml = [this] { return nvml; };
    return usable_gpus(sources);
  }
  [[nodiscard]] std::string ids() const { return gpu_ids(gpus()); }
  [[nodiscard]] Strings keys() const {
    Strings keys;
    for (const Gpu& gpu : gpus()) keys.push_back(gpu.key);
    return keys;
  }
};

const std::string uuid_a = "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6";
const std::string uuid_b = "GPU-b5ab6b1e-9c5d-4a2e-8f8b-1d2c3b4a5968";
const std::string mig_a = "MIG-3eb87630-93d5-5b2e-94b4-0ce16a1ab7ff";
const std::string mig_b = "MIG-GPU-8932f937-d72c-4106-c12f-20bd9faed9f6/7/0";

}  // namespace

TEST_CASE("CUDA_VISIBLE_DEVICES decides, and its indices count by PCI address") {
  const Machine machine{.environment = {{"CUDA_VISIBLE_DEVICES", "2,0"}}, .folder = "nvidia_proc"};
  const auto gpus = machine.gpus();
  REQUIRE(gpus.size() == 2);
  CHECK(gpus[0] == Gpu{GpuVendor::nvidia, "CUDA_VISIBLE_DEVICES", "2", true, "0000:48:00.0"});
  CHECK(gpus[1].key == "0000:07:00.0");
}

TEST_CASE("uuids of devices and of MIG instances are taken as they are, and are their own keys") {
  const Machine machine{
      .environment = {{"CUDA_VISIBLE_DEVICES", uuid_a + ", " + mig_a + "," + mig_b}}};
  const auto gpus = machine.gpus();
  CHECK(gpu_ids(gpus) == uuid_a + "," + mig_a + "," + mig_b);
  CHECK(machine.keys() == Strings{uuid_a, mig_a, mig_b});
  CHECK_FALSE(gpus[0].is_pci_index);
}

TEST_CASE("a variable that is set and names no device means none, whatever the machine has") {
  for (const char* none : {"", "NoDevFiles", "void", "none", "-1", " "}) {
    INFO("'" << none << "'");
    CHECK(Machine{.environment = {{"CUDA_VISIBLE_DEVICES", none}}, .nvml = {uuid_a}}.ids().empty());
    CHECK(Machine{.environment = {{"ROCR_VISIBLE_DEVICES", none}}, .folder = "amd_kfd"}
              .ids()
              .empty());
    CHECK(
        Machine{.environment = {{"HIP_VISIBLE_DEVICES", none}}, .folder = "amd_kfd"}.ids().empty());
    CHECK(
        Machine{.environment = {{"ZE_AFFINITY_MASK", none}}, .folder = "intel_drm"}.ids().empty());
  }
}

TEST_CASE("a list ends at its first entry that names no device, and repeats count once") {
  CHECK(Machine{.environment = {{"CUDA_VISIBLE_DEVICES", "0,1,-1,2"}}}.ids() == "0,1");
  CHECK(Machine{.environment = {{"CUDA_VISIBLE_DEVICES", "0, 1,0,,3"}}}.ids() == "0,1");
  CHECK(Machine{.environment = {{"CUDA_VISIBLE_DEVICES", "0,"}}}.ids() == "0");
}

TEST_CASE("NVIDIA_VISIBLE_DEVICES, which speaks to container runtimes, says nothing") {
  CHECK(Machine{.environment = {{"NVIDIA_VISIBLE_DEVICES", "all"}}}.ids().empty());
  CHECK(Machine{.environment = {{"NVIDIA_VISIBLE_DEVICES", "void"}}, .nvml = {uuid_a}}.ids() ==
        "0");
}

TEST_CASE("under cgroups index 0 is another device on each rank, and its key tells") {
  const Machine first{.environment = {{"CUDA_VISIBLE_DEVICES", "0"}}, .nvml = {uuid_a}};
  const Machine second{.environment = {{"CUDA_VISIBLE_DEVICES", "0"}}, .nvml = {uuid_b}};
  CHECK(first.ids() == second.ids());
  CHECK(first.keys() == Strings{uuid_a});
  CHECK(second.keys() == Strings{uuid_b});
}

TEST_CASE("an index that the machine does not list has no key") {
  CHECK(Machine{.environment = {{"CUDA_VISIBLE_DEVICES", "0,7"}}, .nvml = {uuid_a}}.keys() ==
        Strings{uuid_a, ""});
  CHECK(Machine{.environment = {{"CUDA_VISIBLE_DEVICES", "0"}}}.keys() == Strings{""});
}

TEST_CASE("indices in CUDA's own order are left to whoever asked for it") {
  const Machine machine{
      .environment = {{"CUDA_VISIBLE_DEVICES", "1"}, {"CUDA_DEVICE_ORDER", "FASTEST_FIRST"}},
      .nvml = {uuid_a, uuid_b}};
  CHECK_FALSE(machine.gpus().at(0).is_pci_index);
  CHECK(machine.keys() == Strings{""});
}

TEST_CASE("without variables NVML lists the devices, keyed by uuid") {
  const Machine machine{.nvml = {uuid_a, uuid_b}};
  CHECK(machine.ids() == "0,1");
  CHECK(machine.keys() == Strings{uuid_a, uuid_b});
  CHECK(machine.gpus()[0].is_pci_index);
}

TEST_CASE("without NVML /proc lists NVIDIA's devices by PCI address, without excluded ones") {
  const Machine machine{.folder = "nvidia_proc"};
  CHECK(machine.ids() == "0,1,2");
  CHECK(machine.keys() == Strings{"0000:07:00.0", "0000:0b:00.0", "0000:48:00.0"});
}

TEST_CASE("a device that a cgroup denies is not counted") {
  const Machine machine{.folder = "nvidia_proc", .denied = "nvidia3"};
  CHECK(machine.keys() == Strings{"0000:07:00.0", "0000:48:00.0"});
  CHECK(machine.ids() == "0,1");
}

TEST_CASE("a graphics card counts with a driver that computes") {
  CHECK(Machine{.folder = "nvidia_drm"}.keys() == Strings{"0000:07:00.0"});
  CHECK(Machine{.folder = "nouveau_drm"}.ids().empty());
}

TEST_CASE("AMD's devices are the nodes of its topology that compute, counted past 9") {
  const Machine machine{.folder = "amd_kfd"};
  CHECK(machine.ids() == "0,1,2,3,4,5,6,7");
  CHECK(machine.keys().front() == "0000:c1:00.0");
  CHECK(machine.keys().back() == "0000:de:00.0");
  CHECK(machine.gpus()[0].variable == "ROCR_VISIBLE_DEVICES");
  CHECK_FALSE(machine.gpus()[0].is_pci_index);
}

TEST_CASE("HIP counts what ROCR leaves visible") {
  const Machine both{.environment = {{"ROCR_VISIBLE_DEVICES", "4,5"}, {"HIP_VISIBLE_DEVICES", "1"}},
                     .folder = "amd_kfd"};
  CHECK(both.ids() == "1");
  CHECK(both.gpus()[0].variable == "HIP_VISIBLE_DEVICES");
  CHECK(both.keys() == Strings{"0000:d6:00.0"});
  const Machine hip{.environment = {{"HIP_VISIBLE_DEVICES", "1"}}, .folder = "amd_kfd"};
  CHECK(hip.keys() == Strings{"0000:c6:00.0"});
  const Machine empty{.environment = {{"ROCR_VISIBLE_DEVICES", "4"}, {"HIP_VISIBLE_DEVICES", ""}},
                      .folder = "amd_kfd"};
  CHECK(empty.gpus().at(0).variable == "ROCR_VISIBLE_DEVICES");
  const Machine unlisted{
      .environment = {{"ROCR_VISIBLE_DEVICES", "3"}, {"HIP_VISIBLE_DEVICES", "0"}}};
  CHECK(unlisted.keys() == Strings{"3"});
  const Machine none{.environment = {{"ROCR_VISIBLE_DEVICES", ""}, {"HIP_VISIBLE_DEVICES", "0"}},
                     .folder = "amd_kfd"};
  CHECK(none.ids().empty());
}

TEST_CASE("Intel's discrete devices are listed, tiles come by variable") {
  const Machine listed{.folder = "intel_drm"};
  CHECK(listed.ids() == "0,1");
  CHECK(listed.keys() == Strings{"0000:29:00.0", "0000:3a:00.0"});
  const Machine tiles{.environment = {{"ZE_AFFINITY_MASK", "0.0,0.1,1"}}, .folder = "intel_drm"};
  CHECK(tiles.ids() == "0.0,0.1,1");
  CHECK(tiles.gpus()[1].variable == "ZE_AFFINITY_MASK");
}

TEST_CASE("when a launcher sets the variables of every vendor, the hardware decides") {
  const std::map<std::string, std::string> all = {{"CUDA_VISIBLE_DEVICES", "2,3"},
                                                  {"ROCR_VISIBLE_DEVICES", "2,3"},
                                                  {"ZE_AFFINITY_MASK", "2,3"}};
  CHECK(Machine{.environment = all}.gpus().at(0).vendor == GpuVendor::nvidia);
  CHECK(Machine{.environment = all, .folder = "amd_kfd"}.gpus().at(0).vendor == GpuVendor::amd);
  CHECK(Machine{.environment = all, .folder = "intel_drm"}.gpus().at(0).vendor == GpuVendor::intel);
}

TEST_CASE("a variable of one vendor that means none leaves the other's list") {
  const Machine machine{
      .environment = {{"CUDA_VISIBLE_DEVICES", ""}, {"ROCR_VISIBLE_DEVICES", "1"}}};
  CHECK(machine.gpus().at(0).vendor == GpuVendor::amd);
}

TEST_CASE("a machine without devices has none") {
  CHECK(Machine{}.ids().empty());
}

TEST_CASE("an absent NVML lists nothing") {
  CHECK(nvml_keys("libnvidia-ml.so.of-no-machine").empty());
  CHECK(nvml_keys([](const char*) -> void* { return nullptr; }).empty());
}

namespace {

int running = 0;  // calls of init less those of shutdown
int init_result = 0;

struct FakePciInfo {
  char legacy_address[16];
  unsigned numbers[5];
  char address[32];
};

int fake_init() {
  if (init_result == 0) ++running;
  return init_result;
}
int fake_shutdown() {
  --running;
  return 0;
}
int fake_count(unsigned* count) {
  *count = 3;
  return 0;
}
int fake_handle(unsigned index, void** device) {
  static std::array<int, 3> devices{};
  *device = &devices[index];
  return index == 2 ? 15 : 0;  // lost
}
int fake_uuid(void* device, char* uuid, unsigned size) {
  void* first = nullptr;
  fake_handle(0, &first);
  if (device != first) return 3;  // not supported
  std::strncpy(uuid, uuid_a.c_str(), size);
  return 0;
}
int fake_pci(void*, FakePciInfo* pci) {
  std::strcpy(pci->address, "00000000:0B:00.0");
  return 0;
}

void* fake_nvml(const char* name) {
  const std::map<std::string, void*> functions = {
      {"nvmlInit_v2", reinterpret_cast<void*>(fake_init)},
      {"nvmlShutdown", reinterpret_cast<void*>(fake_shutdown)},
      {"nvmlDeviceGetCount_v2", reinterpret_cast<void*>(fake_count)},
      {"nvmlDeviceGetHandleByIndex_v2", reinterpret_cast<void*>(fake_handle)},
      {"nvmlDeviceGetUUID", reinterpret_cast<void*>(fake_uuid)},
      {"nvmlDeviceGetPciInfo_v3", reinterpret_cast<void*>(fake_pci)}};
  const auto found = functions.find(name);
  return found == functions.end() ? nullptr : found->second;
}

}  // namespace

TEST_CASE("NVML gives uuids, else PCI addresses, and is shut down again") {
  init_result = 0;
  CHECK(nvml_keys(fake_nvml) == Strings{uuid_a, "00000000:0B:00.0", ""});
  CHECK(running == 0);
}

TEST_CASE("an NVML that does not start, for want of a driver, lists nothing") {
  init_result = 9;
  CHECK(nvml_keys(fake_nvml).empty());
  CHECK(running == 0);
}

TEST_CASE("this machine's own devices can be asked for") {
  CHECK_NOTHROW(usable_gpus(system_gpu_sources()));
}
