#include "exec/devices/gpu_map.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text/reject.hpp"
#include "exec/devices/gpu_pool.hpp"
#include "malet/error.hpp"

// Ranks that see the same devices form a pool. A pool's devices are cut into groups, one group for
// a run. The pool's slots, in rank order, get the groups in order. If there are more slots than
// groups, neighbours share: 4 slots get the groups 0 0 1 1.
namespace malet::exec {

namespace {

void check_options(std::span<const RankGpus> ranks, const GpuOptions& options) {
  if (options.gpus_per_run.value_or(0) < 0) reject("--gpus-per-run must be 0 or more");
  if (options.runs_per_gpu < 1) reject("--runs-per-gpu must be 1 or more");
  for (const RankGpus& rank : ranks) {
    if (rank.slots.value_or(1) < 1) reject("--slots must be 1 or more");
  }
}

bool any_gpus(std::span<const RankGpus> ranks) {
  return std::any_of(ranks.begin(), ranks.end(),
                     [](const RankGpus& rank) { return !rank.gpus.empty(); });
}

class Dealer {
 public:
  Dealer(std::span<const RankGpus> ranks, const GpuOptions& options)
      : ranks_(ranks), options_(options), pools_(gpu_pools(ranks)) {
    per_run_ = static_cast<std::size_t>(options.gpus_per_run.value_or(any_gpus(ranks) ? 1 : 0));
    for (const RankGpus& rank : ranks) map_.ranks.push_back({rank.node, {}});
  }

  GpuMap deal() {
    if (ranks_.empty()) return {};
    rank0_works_ = does_rank0_work();
    check_workers();
    check_overlap();
    for (const GpuPool& pool : pools_) deal_pool(pool);
    if (!problem_.empty()) reject("{}", problem_ + "\n" + gpu_map_text(map_));
    return std::move(map_);
  }

 private:
  [[nodiscard]] std::size_t groups(const GpuPool& pool) const {
    return per_run_ == 0 ? 0 : pool.devices() / per_run_;
  }

  /// Number of runs at a time that the devices of a pool can serve.
  [[nodiscard]] std::size_t places(const GpuPool& pool) const {
    return groups(pool) * static_cast<std::size_t>(options_.runs_per_gpu);
  }

  [[nodiscard]] bool does_rank0_work() const {
    if (options_.rank0 != RankZero::automatic) return options_.rank0 == RankZero::work;
    if (ranks_.size() == 1 || per_run_ == 0) return true;
    return pools_.front().ranks.size() <= places(pools_.front());
  }

  [[nodiscard]] std::size_t workers(const GpuPool& pool) const {
    const bool without = pool.ranks.front() == 0 && !rank0_works_;
    return pool.ranks.size() - (without ? 1 : 0);
  }

  [[nodiscard]] std::size_t slots_of(int rank, const GpuPool& pool) const {
    if (rank == 0 && !rank0_works_) return 0;
    const auto& told = ranks_[static_cast<std::size_t>(rank)].slots;
    if (told) return static_cast<std::size_t>(*told);
    return std::max<std::size_t>(1, places(pool) / workers(pool));
  }

  /// The group of slot number `slot` of `slots`; past the last group if none is left.
  [[nodiscard]] std::size_t group_of(std::size_t slot, std::size_t slots,
                                     const GpuPool& pool) const {
    if (slots <= groups(pool)) return slot;
    if (slots <= places(pool)) return slot * groups(pool) / slots;
    return slot / static_cast<std::size_t>(options_.runs_per_gpu);
  }

  void deal_pool(const GpuPool& pool) {
    std::size_t slots = 0;
    for (const int rank : pool.ranks) slots += slots_of(rank, pool);
    check_places(pool, slots);
    std::size_t next = 0;
    std::size_t used = 0;  // groups
    for (std::size_t i = 0; i < pool.ranks.size(); ++i) {
      const std::size_t own = slots_of(pool.ranks[i], pool);
      for (std::size_t s = 0; s < own; ++s) {
        const std::size_t group = group_of(next++, slots, pool);
        if (group < groups(pool)) used = group + 1;
        add_slot(pool, i, group, own);
      }
    }
    note_unused(pool, used * per_run_);
  }

  void add_slot(const GpuPool& pool, std::size_t member, std::size_t group, std::size_t own) {
    const auto rank = static_cast<std::size_t>(pool.ranks[member]);
    const std::vector<Gpu>& gpus = pool.copies[member];
    GpuSlot slot;
    slot.cores = std::max(1, ranks_[rank].cores / static_cast<int>(own));
    if (per_run_ == 0) slot.hidden = gpus;
    if (group < groups(pool)) {
      const auto first = gpus.begin() + static_cast<std::ptrdiff_t>(group * per_run_);
      slot.gpus.assign(first, first + static_cast<std::ptrdiff_t>(per_run_));
    }
    map_.ranks[rank].slots.push_back(std::move(slot));
  }

  void note_unused(const GpuPool& pool, std::size_t used) {
    if (used == pool.devices()) return;
    const std::vector<Gpu>& gpus = pool.copies.front();
    map_.unused.push_back(
        {pool.node, pool.ranks, {gpus.begin() + static_cast<std::ptrdiff_t>(used), gpus.end()}});
  }

  void note_problem(std::string sentence) {
    if (problem_.empty()) problem_ = std::move(sentence);
  }

  void check_workers() {
    if (ranks_.size() == 1 && !rank0_works_) {
      note_problem("--rank0 coordinate leaves no rank to run configs: start more ranks");
    }
  }

  void check_overlap() {
    const auto [a, b] = overlapping_pools(pools_);
    if (a == nullptr || per_run_ == 0) return;
    note_problem(fmt::format(
        "on node '{}' {} and {} see some GPUs in common ({} and {}) but not all: bind every rank "
        "of a node to the same GPUs, or each to its own",
        a->node, ranks_text(a->ranks), ranks_text(b->ranks), gpu_ids(a->copies.front()),
        gpu_ids(b->copies.front())));
  }

  void check_places(const GpuPool& pool, std::size_t slots) {
    if (per_run_ == 0 || slots <= places(pool)) return;
    const std::string who = fmt::format("{} on node '{}'", ranks_text(pool.ranks), pool.node);
    if (!any_gpus(ranks_)) {
      note_problem(fmt::format(
          "--gpus-per-run {} cannot be met, as no rank sees a GPU: start the job with GPUs, or "
          "leave the option out",
          per_run_));
    } else if (groups(pool) == 0) {
      note_problem(fmt::format(
          "{}: a run needs {} GPU{} and there are {}: start ranks only where there are enough, or "
          "pass --gpus-per-run (0 if runs need none)",
          who, per_run_, per_run_ == 1 ? "" : "s", pool.devices()));
    } else {
      note_problem(fmt::format(
          "{}: {} slots at {} GPU{} a run do not fit on {} GPU{}: start fewer ranks or slots, or "
          "pass --runs-per-gpu {} to share, or --gpus-per-run 0 if runs need none",
          who, slots, per_run_, per_run_ == 1 ? "" : "s", pool.devices(),
          pool.devices() == 1 ? "" : "s", (slots + groups(pool) - 1) / groups(pool)));
    }
  }

  std::span<const RankGpus> ranks_;
  const GpuOptions& options_;
  std::vector<GpuPool> pools_;
  std::size_t per_run_ = 0;
  bool rank0_works_ = true;
  GpuMap map_;
  std::string problem_;  // the first one found
};

}  // namespace

GpuMap deal_gpus(std::span<const RankGpus> ranks, const GpuOptions& options) {
  check_options(ranks, options);
  return Dealer(ranks, options).deal();
}

}  // namespace malet::exec
