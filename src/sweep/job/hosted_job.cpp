#include "sweep/job/hosted_job.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "exec/devices/gpu_inventory.hpp"
#include "exec/process/affinity.hpp"
#include "exec/slurm/launcher.hpp"
#include "sweep/channel/local_channel.hpp"
#include "sweep/channel/slot_channel.hpp"
#include "sweep/job/coordinate.hpp"
#include "sweep/rank/supervisor.hpp"
#include "sweep/rank/worker.hpp"

namespace malet::sweep {

namespace {

using std::chrono::microseconds;

constexpr std::chrono::milliseconds longest_rest(20);

/// Devices and cores of this rank.
RankFacts own_facts(const ExperimentOptions& options, bool alone) {
  exec::RankGpus gpus;
  gpus.node = exec::node_name();
  gpus.gpus = exec::usable_gpus(exec::system_gpu_sources());
  gpus.cores = exec::usable_cores();
  gpus.slots = alone && !options.devices.slots ? options.devices.jobs : options.devices.slots;
  return {std::move(gpus), exec::usable_cpus()};
}

/// Ranks that may use the same cores get an even share of them.
void share_cores(std::vector<RankFacts>& ranks) {
  std::map<std::pair<std::string, std::string>, int> sharers;
  for (const RankFacts& rank : ranks) ++sharers[{rank.gpus.node, rank.cpus}];
  for (RankFacts& rank : ranks) {
    rank.gpus.cores = std::max(1, rank.gpus.cores / sharers[{rank.gpus.node, rank.cpus}]);
  }
}

exec::GpuMap deal(std::vector<RankFacts> facts, const ExperimentOptions& options) {
  share_cores(facts);
  std::vector<exec::RankGpus> ranks;
  for (RankFacts& rank : facts) ranks.push_back(std::move(rank.gpus));
  exec::GpuOptions how;
  how.gpus_per_run = options.devices.gpus_per_run;
  how.runs_per_gpu = options.devices.runs_per_gpu;
  how.rank0 = options.devices.rank0 == Rank0::automatic    ? exec::RankZero::automatic
              : options.devices.rank0 == Rank0::coordinate ? exec::RankZero::coordinate
                                                           : exec::RankZero::work;
  return exec::deal_gpus(ranks, how);
}

/// Waits for the facts of every rank.
std::vector<RankFacts> gather_facts(const ExperimentOptions& options, MpiSession* session) {
  const auto size = static_cast<std::size_t>(session == nullptr ? 1 : session->size());
  std::vector<RankFacts> ranks(size);
  ranks[0] = own_facts(options, session == nullptr);
  for (std::size_t missing = size - 1; missing > 0;) {
    const auto envelope = session->channel().try_receive();
    if (!envelope) {
      session->channel().wait(longest_rest);
      continue;
    }
    if (kind_of(envelope->message) == MessageKind::unable) throw decode_unable(envelope->message);
    ranks.at(static_cast<std::size_t>(envelope->from)) = decode_hello(envelope->message);
    --missing;
  }
  return ranks;
}

std::vector<SlotPlace> places_of(const exec::GpuMap::Rank& rank) {
  std::vector<SlotPlace> places;
  for (const exec::GpuSlot& slot : rank.slots) {
    places.push_back(
        {exec::gpu_ids(slot.gpus), exec::gpu_environment(slot.gpus, slot.hidden), slot.cores});
  }
  return places;
}

Supervisor::Settings settings_of(const Job& job, std::vector<SlotPlace> slots) {
  Supervisor::Settings settings;
  settings.folder = job.path;
  settings.slots = std::move(slots);
  settings.gives_back = job.options.pace.schedule == Schedule::dynamic;
  settings.under_mpirun = exec::launcher().mpirun;
  return settings;
}

void say_setup(Channel& channel, const Job& job, const exec::GpuMap& map) {
  for (std::size_t rank = 1; rank < map.ranks.size(); ++rank) {
    channel.send(static_cast<int>(rank), encode(setup_message(job, places_of(map.ranks[rank]))));
  }
}

/// All slots of all ranks, as rank 0 numbers them.
struct Roster {
  std::vector<SlotChannel::Place> places;
  std::vector<SlotFacts> facts;
};

/// \param first_local the channel's end of rank 0's own supervisor.
Roster make_roster(const exec::GpuMap& map, int first_local) {
  Roster roster;
  for (std::size_t rank = 0; rank < map.ranks.size(); ++rank) {
    const auto& slots = map.ranks[rank].slots;
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
      roster.places.push_back({rank == 0 ? first_local : static_cast<int>(rank), slot});
      roster.facts.push_back(
          {map.ranks[rank].node, static_cast<int>(rank), slot, exec::gpu_ids(slots[slot].gpus)});
    }
  }
  return roster;
}

/// Coordinates and supervises by turns; rests only when neither has anything to do.
void drive(Coordinator& coordinator, Supervisor* supervisor, Channel& remote, bool has_remote) {
  Backoff backoff;
  while (!coordinator.is_over()) {
    const bool heard = coordinator.turn();
    const bool acted = supervisor != nullptr && supervisor->turn();
    if (coordinator.is_over()) return;
    if (heard || acted) {
      backoff.reset();
      continue;
    }
    if (supervisor == nullptr) {
      remote.wait(longest_rest);
    } else {
      supervisor->rest(has_remote ? backoff.next(longest_rest) : microseconds(longest_rest));
    }
  }
}

}  // namespace

JobResult coordinate_hosts(const Job& job, const JobSetup& setup, MpiSession* session) {
  exec::unbind_from_core();
  const exec::GpuMap map = deal(gather_facts(job.options, session), job.options);
  const int ranks = session == nullptr ? 1 : session->size();
  LocalExchange exchange(2);
  const auto near = exchange.end(0);
  const auto far = exchange.end(1);
  std::optional<HubChannel> hub;
  if (session != nullptr) hub.emplace(session->channel(), *near, ranks);
  Channel& below = hub ? static_cast<Channel&>(*hub) : *near;
  Roster roster = make_roster(map, session == nullptr ? 1 : ranks);
  SlotChannel channel(below, roster.places);

  if (session != nullptr) say_setup(session->channel(), job, map);
  std::unique_ptr<Supervisor> supervisor;
  if (!map.ranks[0].slots.empty()) {
    supervisor = std::make_unique<Supervisor>(*far, job.folder->configs, *job.host, job.options,
                                              settings_of(job, places_of(map.ranks[0])));
  }
  const auto drive_all = [&](Coordinator& coordinator) {
    drive(coordinator, supervisor.get(), below, ranks > 1);
  };
  const std::size_t workers = roster.places.size();
  JobResult result = coordinate(channel, job, setup, workers, std::move(roster.facts), drive_all);
  say_leave(channel, workers, result.report.exit_code);
  if (result.report.abandoned && session != nullptr) session->abandon();
  return result;
}

ExitCode supervise_as_rank(const Job& job, MpiSession& session) {
  exec::unbind_from_core();
  Channel& channel = session.channel();
  channel.send(0, encode(own_facts(job.options, false)));
  for (;;) {
    const auto envelope = channel.try_receive();
    if (!envelope) {
      channel.wait(longest_rest);
      continue;
    }
    if (kind_of(envelope->message) == MessageKind::leave) return decode_leave(envelope->message);
    const SetupMessage setup = decode_setup(envelope->message);
    Supervisor::Settings settings = settings_of(job, setup.slots);
    settings.folder = setup.folder;
    try {
      Supervisor supervisor(channel, ConfigIter::from_text(setup.yaml, setup.yaml_name), *job.host,
                            job.options, settings);
      Backoff backoff;
      while (!supervisor.leave()) {
        if (supervisor.turn()) {
          backoff.reset();
        } else {
          supervisor.rest(backoff.next(longest_rest));
        }
      }
      return *supervisor.leave();
    } catch (const Error& error) {
      channel.send(0, encode_unable(error));
      return wait_for_leave(channel);
    }
  }
}

std::string exchange_gpu_map(const ExperimentOptions& options, GpuMapForm form,
                             MpiSession* session) {
  if (session != nullptr && session->rank() != 0) {
    session->channel().send(0, encode(own_facts(options, false)));
    return {};
  }
  const exec::GpuMap map = deal(gather_facts(options, session), options);
  return form == GpuMapForm::json ? exec::gpu_map_json(map) : exec::gpu_map_text(map);
}

}  // namespace malet::sweep
