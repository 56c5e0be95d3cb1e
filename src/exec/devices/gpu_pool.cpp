#include "exec/devices/gpu_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace malet::exec {

namespace {

/// Per node, whether every rank knows the keys of all its devices.
using KeysKnown = std::map<std::string, bool>;

KeysKnown keys_known(std::span<const RankGpus> ranks) {
  KeysKnown known;
  for (const RankGpus& rank : ranks) {
    const bool all = std::none_of(rank.gpus.begin(), rank.gpus.end(),
                                  [](const Gpu& gpu) { return gpu.key.empty(); });
    const auto [entry, is_new] = known.try_emplace(rank.node, all);
    entry->second = entry->second && all;
  }
  return known;
}

std::vector<std::string> identities_of(const std::vector<Gpu>& gpus, bool by_key) {
  std::vector<std::string> identities;
  for (const Gpu& gpu : gpus) identities.push_back(by_key ? gpu.key : gpu.variable + '=' + gpu.id);
  return identities;
}

bool is_same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

/// `gpus` in the order that `wanted` has their identities in.
std::vector<Gpu> reordered(const std::vector<Gpu>& gpus, const std::vector<std::string>& identities,
                           const std::vector<std::string>& wanted) {
  std::vector<Gpu> result;
  for (const std::string& identity : wanted) {
    const auto found = std::find(identities.begin(), identities.end(), identity);
    result.push_back(gpus[static_cast<std::size_t>(found - identities.begin())]);
  }
  return result;
}

bool has_common(const GpuPool& a, const GpuPool& b) {
  return std::any_of(a.identities.begin(), a.identities.end(), [&](const std::string& identity) {
    return std::find(b.identities.begin(), b.identities.end(), identity) != b.identities.end();
  });
}

}  // namespace

std::vector<GpuPool> gpu_pools(std::span<const RankGpus> ranks) {
  const KeysKnown known = keys_known(ranks);
  std::vector<GpuPool> pools;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const RankGpus& rank = ranks[i];
    const auto identities = identities_of(rank.gpus, known.at(rank.node));
    auto pool = std::find_if(pools.begin(), pools.end(), [&](const GpuPool& other) {
      return other.node == rank.node && is_same_set(other.identities, identities);
    });
    if (pool == pools.end()) {
      pool = pools.insert(pools.end(), GpuPool{rank.node, {}, {}, identities});
    }
    pool->ranks.push_back(static_cast<int>(i));
    pool->copies.push_back(reordered(rank.gpus, identities, pool->identities));
  }
  return pools;
}

std::pair<const GpuPool*, const GpuPool*> overlapping_pools(std::span<const GpuPool> pools) {
  for (std::size_t b = 0; b < pools.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      if (pools[a].node == pools[b].node && has_common(pools[a], pools[b])) {
        return {&pools[a], &pools[b]};
      }
    }
  }
  return {nullptr, nullptr};
}

std::string ranks_text(std::span<const int> ranks) {
  if (ranks.size() == 1) return fmt::format("rank {}", ranks.front());
  const bool is_range = !ranks.empty() && ranks.back() - ranks.front() + 1 == std::ssize(ranks);
  if (is_range) return fmt::format("ranks {}-{}", ranks.front(), ranks.back());
  return fmt::format("ranks {}", fmt::join(ranks, ","));
}

}  // namespace malet::exec
