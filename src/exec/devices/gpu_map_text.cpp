#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "exec/devices/gpu_map.hpp"
#include "exec/devices/gpu_pool.hpp"
#include "malet/value.hpp"

namespace malet::exec {

namespace {

using Line = std::array<std::string, 5>;

std::vector<Line> lines_of(const GpuMap& map) {
  std::vector<Line> lines = {{"node", "rank", "slot", "GPUs", "cores"}};
  for (std::size_t r = 0; r < map.ranks.size(); ++r) {
    const auto& [node, slots] = map.ranks[r];
    const std::string rank = std::to_string(r);
    if (slots.empty()) lines.push_back({node, rank, "-", "coordinates only", "-"});
    for (std::size_t s = 0; s < slots.size(); ++s) {
      lines.push_back({node, rank, std::to_string(s),
                       slots[s].gpus.empty() ? "none" : gpu_ids(slots[s].gpus),
                       std::to_string(slots[s].cores)});
    }
  }
  return lines;
}

std::array<std::size_t, 5> widths_of(const std::vector<Line>& lines) {
  std::array<std::size_t, 5> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  return widths;
}

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

std::string gpu_map_text(const GpuMap& map) {
  const std::vector<Line> lines = lines_of(map);
  const auto widths = widths_of(lines);
  std::string text;
  for (const auto& [node, rank, slot, gpus, cores] : lines) {
    text += fmt::format("{:<{}}  {:>{}}  {:>{}}  {:<{}}  {:>{}}\n", node, widths[0], rank,
                        widths[1], slot, widths[2], gpus, widths[3], cores, widths[4]);
  }
  for (const UnusedGpus& unused : map.unused) {
    text += fmt::format("unused on {}: {} (seen by {})\n", unused.node, gpu_ids(unused.gpus),
                        ranks_text(unused.ranks));
  }
  return text;
}

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
