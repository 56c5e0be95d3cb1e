#include "exec/devices/gpu_map.hpp"
#include "malet/value.hpp"

namespace malet::exec {

namespace {

Value::List ids_of(std::span<const Gpu> gpus) {
  Value::List ids;
  for (const Gpu& gpu : gpus) ids.emplace_back(gpu.id);
  return ids;
}

Value::Map slot_document(const GpuMap& map, std::size_t rank, std::size_t number) {
  const GpuSlot& slot = map.ranks[rank].slots[number];
  Value::Map variables;
  for (auto& [name, value] : gpu_environment(slot.gpus, slot.hidden)) {
    variables.emplace_back(name, value);
  }
  return {{"rank", rank},
          {"node", map.ranks[rank].node},
          {"slot", number},
          {"gpus", ids_of(slot.gpus)},
          {"variables", std::move(variables)},
          {"cores", slot.cores}};
}

Value::Map unused_document(const UnusedGpus& unused) {
  return {{"node", unused.node}, {"gpus", ids_of(unused.gpus)}, {"seen_by", unused.ranks}};
}

}  // namespace

std::string gpu_map_json(const GpuMap& map) {
  Value::List slots;
  Value::List coordinators;
  for (std::size_t rank = 0; rank < map.ranks.size(); ++rank) {
    const auto& [node, own] = map.ranks[rank];
    if (own.empty()) coordinators.emplace_back(Value::Map{{"rank", rank}, {"node", node}});
    for (std::size_t i = 0; i < own.size(); ++i) slots.emplace_back(slot_document(map, rank, i));
  }
  Value::List unused;
  for (const UnusedGpus& gpus : map.unused) unused.emplace_back(unused_document(gpus));
  const Value::Map document = {{"slots", std::move(slots)},
                               {"coordinators", std::move(coordinators)},
                               {"unused", std::move(unused)}};
  return to_json(document, 2) + "\n";
}

}  // namespace malet::exec
