#include "sweep/rank/supervisor.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

#include "exec/process/marked.hpp"
#include "exec/process/signals.hpp"
#include "sweep/rank/runner_factory.hpp"
#include "sweep/schedule/stop_policy.hpp"

namespace malet::sweep {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr int messages_per_turn = 256;
// mpirun kills two seconds after a signal. By then everything must be written.
constexpr milliseconds urgent_grace(200);
constexpr std::chrono::seconds impatient_grace(1);
// How long idle hosts may take to exit when asked to.
constexpr std::chrono::seconds dismissal(2);
constexpr milliseconds last_collection(300);
constexpr milliseconds look_at_all(20);

std::string new_mark() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

exec::ExperimentFacts facts_of(const Supervisor::Settings& settings, const ConfigIter& configs,
                               const ExperimentOptions& options) {
  exec::ExperimentFacts facts;
  facts.folder = std::filesystem::absolute(settings.folder).lexically_normal().string();
  auto path = std::filesystem::path(facts.folder);
  if (!path.has_filename()) path = path.parent_path();
  facts.name = path.filename().string();
  if (options.limits.timeout) facts.timeout = options.limits.timeout->count();
  facts.checkpoint = options.limits.checkpoint;
  facts.configs_save = options.storage.configs_save;
  facts.total = configs.grid_size();
  return facts;
}

/// Zero if there is no limit, or rank 0 sends it later.
Micros longest_run(const ExperimentOptions& options) {
  return std::chrono::duration_cast<Micros>(options.limits.run_timeout.fixed);
}

}  // namespace

Supervisor::Supervisor(Channel& channel, const ConfigIter& configs, const ExperimentHost& host,
                       const ExperimentOptions& options, const Settings& settings)
    : channel_(channel),
      mark_(new_mark()),
      older_(exec::children()),
      groups_(settings.slots.size()),
      grace_(std::chrono::duration_cast<Micros>(options.limits.grace)),
      under_mpirun_(settings.under_mpirun) {
  exec::adopt_orphans();
  scratch_.emplace();
  try {
    guardian_ = std::make_unique<exec::Guardian>(exec::own_executable(), mark_ + ".",
                                                 settings.slots.size(), scratch_->path());
    for (std::size_t i = 0; i < settings.slots.size(); ++i) {
      add_slot(configs, host, options, settings);
    }
  } catch (const std::system_error& error) {
    throw Error(ErrorKind::internal, fmt::format("cannot supervise runs: {}", error.what()));
  }
}

void Supervisor::add_slot(const ConfigIter& configs, const ExperimentHost& host,
                          const ExperimentOptions& options, const Settings& settings) {
  const std::size_t number = slots_.size();
  const SlotPlace& place = settings.slots[number];
  RunnerPlace runner_place{place.variables, scratch_->path() / fmt::format("slot{}", number)};
  std::filesystem::create_directory(runner_place.folder);
  runner_place.variables.emplace_back(exec::mark_variable, mark_of(number));
  if (std::getenv("OMP_NUM_THREADS") == nullptr) {
    runner_place.variables.emplace_back("OMP_NUM_THREADS", std::to_string(place.cores));
  }
  auto output = std::make_unique<exec::SlotOutput>(runner_place.folder);
  auto runner =
      make_runner(host, facts_of(settings, configs, options), configs, *output, runner_place);
  SlotSettings slot;
  slot.folder = std::filesystem::absolute(settings.folder).lexically_normal();
  slot.gives_back = settings.gives_back;
  slot.keep_output = options.storage.keep_output;
  slot.runs_per_host = options.devices.runs_per_host;
  if (host.kind == ExperimentHost::Kind::command) slot.required = options.storage.metrics;
  slot.counts_unable = has_fixed_program(host);
  slot.limits = {options.limits.run_memory, grace_, longest_run(options)};
  slots_.push_back(std::make_unique<Slot>(std::make_unique<SlotSender>(channel_, number), configs,
                                          std::move(slot), std::move(output), std::move(runner)));
}

Supervisor::~Supervisor() {
  dismiss();
  slots_.clear();
  clear_all_strays();
  // Before the guardian ends: it removes the folder if this rank dies here.
  scratch_.reset();
}

std::string Supervisor::mark_of(std::size_t slot) const {
  return fmt::format("{}.{}", mark_, slot);
}

bool Supervisor::turn() {
  take_messages();
  const auto now = Clock::now();
  note_signals(now);
  if (!std::exchange(looked_, false)) {
    look(microseconds(0));
    looked_ = false;
  }
  // Some news shows in no descriptor: metrics in a file, the end of a process without pidfd.
  const bool all = now - looked_at_all_ > look_at_all;
  if (all) looked_at_all_ = now;
  bool acted = false;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i]->turn(now, all || ready_[i] != 0)) continue;
    acted = true;
    note_group(i);
  }
  return acted;
}

void Supervisor::take_messages() {
  for (int i = 0; i < messages_per_turn; ++i) {
    auto envelope = channel_.try_receive();
    if (!envelope) return;
    if (has_slot(envelope->message)) {
      const std::size_t slot = take_slot_number(envelope->message);
      slots_.at(slot)->take_message(envelope->message);
    } else {
      for (auto& slot : slots_) slot->take_message(envelope->message);
    }
  }
}

void Supervisor::note_signals(Clock::time_point now) {
  const int count = exec::SignalWatch::count();
  if (count == signals_seen_) return;
  signals_seen_ = count;
  const int signal = exec::SignalWatch::first().value_or(SIGTERM);
  const bool soft = StopPolicy::is_soft(signal);
  Micros grace = grace_;
  if (count > 1) grace = std::min<Micros>(grace, impatient_grace);
  urgent_ = urgent_ || (under_mpirun_ && !soft);
  if (urgent_) grace = std::min<Micros>(grace, urgent_grace);
  for (auto& slot : slots_) {
    slot->stop(soft ? StopCause::deadline : StopCause::cancelled, now, grace);
  }
}

/// Tells the guardian the slot's new process group, and kills strays of the old one.
void Supervisor::note_group(std::size_t slot) {
  const int group = slots_[slot]->group();
  if (group == groups_[slot]) return;
  const bool ended = groups_[slot] != 0;
  groups_[slot] = group;
  guardian_->set_group(slot, group);
  if (ended) clear_strays(slot);
}

/// Kills the processes that a slot's old process left in other groups. As orphans they have become
/// our children; once they are killed, their own children become ours.
void Supervisor::clear_strays(std::size_t slot) {
  const std::string mark = mark_of(slot) + '\0';  // the whole mark: slot 1 is not slot 10
  while (kill_strays(mark)) {
  }
}

/// Kills our children with that mark, and collects dead ones; false if none had it.
bool Supervisor::kill_strays(const std::string& mark) {
  bool killed = false;
  for (const pid_t pid : exec::children()) {
    const bool is_ours = std::find(groups_.begin(), groups_.end(), pid) != groups_.end();
    const bool is_old = std::find(older_.begin(), older_.end(), pid) != older_.end();
    if (is_ours || is_old || pid == guardian_->pid()) continue;
    if (exec::is_marked(pid, mark)) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
      killed = true;
    } else {
      ::waitpid(pid, nullptr,
                WNOHANG);  // dead processes have no mark, and nobody else collects them
    }
  }
  return killed;
}

/// Kills and collects all processes with our mark.
void Supervisor::clear_all_strays() {
  exec::kill_marked(mark_ + ".");
  groups_.assign(groups_.size(), 0);
  // A dying process has lost its mark, but cannot be collected at once.
  const auto until = Clock::now() + last_collection;
  for (;;) {
    for (std::size_t slot = 0; slot < groups_.size(); ++slot) clear_strays(slot);
    const auto left = exec::children();
    const std::size_t ours = 1 + older_.size();
    if (left.size() <= ours || Clock::now() > until) return;
    std::this_thread::sleep_for(milliseconds(1));
  }
}

void Supervisor::rest(microseconds limit) {
  const auto now = Clock::now();
  for (const auto& slot : slots_) {
    if (const auto next = slot->next_turn()) {
      const auto left = std::chrono::duration_cast<microseconds>(*next - now);
      limit = std::clamp(left, microseconds(0), limit);
    }
  }
  look(std::min<microseconds>(limit, look_at_all));
}

/// Waits for ready descriptors, for `limit` at most, and notes their slots.
void Supervisor::look(microseconds limit) {
  polled_.clear();
  owners_.clear();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    slots_[i]->add_descriptors(polled_);
    owners_.resize(polled_.size(), i);
  }
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(limit);
  const timespec span{static_cast<time_t>(nanoseconds.count() / 1'000'000'000),
                      static_cast<long>(nanoseconds.count() % 1'000'000'000)};
  const int count = ::ppoll(polled_.data(), polled_.size(), &span, nullptr);
  ready_.assign(slots_.size(), 0);
  for (std::size_t i = 0; count > 0 && i < polled_.size(); ++i) {
    if (polled_[i].revents != 0) ready_[owners_[i]] = 1;
  }
  looked_ = true;
}

std::optional<ExitCode> Supervisor::leave() const {
  for (const auto& slot : slots_) {
    if (!slot->leave()) return std::nullopt;
  }
  return slots_.empty() ? std::nullopt : slots_.front()->leave();
}

void Supervisor::dismiss() {
  for (auto& slot : slots_) slot->dismiss();
  const auto until = Clock::now() + (urgent_ ? urgent_grace : milliseconds(dismissal));
  const auto down = [](const auto& slot) { return slot->is_down(); };
  while (!std::all_of(slots_.begin(), slots_.end(), down) && Clock::now() < until &&
         exec::SignalWatch::count() == signals_seen_) {
    for (auto& slot : slots_) (void)slot->turn(Clock::now());
    rest(milliseconds(5));
  }
}

}  // namespace malet::sweep
