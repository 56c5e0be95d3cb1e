#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sweep/queue/chunks.hpp"
#include "sweep/queue/queue_feed.hpp"
#include "sweep/schedule/scheduler.hpp"

namespace malet::test {

/// What jobs in simulated time share: claims, and logs that know of each end at once.
struct SharedFolder {
  enum class State { held, open, done };
  struct Claim {
    State state = State::held;
    std::vector<std::string> jobs;
    std::uint64_t failed = 0;
  };

  std::map<std::uint64_t, Claim> claims;
  std::map<std::string, std::map<std::uint64_t, sweep::Standing>> logs;  // by job
  std::set<std::string> living;
  std::uint64_t asked = 0;  ///< how often any job asked for a chunk

  /// What logs say; of a dead job what ran when it died was interrupted.
  [[nodiscard]] sweep::Findings read(const std::vector<std::string>& jobs) const {
    std::map<std::uint64_t, sweep::Standing> all;
    for (const std::string& job : jobs) {
      const auto log = logs.find(job);
      if (log == logs.end()) continue;
      for (auto [index, standing] : log->second) {
        const bool is_lost = standing == sweep::Standing::running && !living.contains(job);
        if (is_lost) standing = sweep::Standing::interrupted;
        const auto [row, is_new] = all.try_emplace(index, standing);
        if (!is_new) row->second = std::max(row->second, standing);
      }
    }
    sweep::Findings found;
    for (const auto& [index, standing] : all) found.rows.push_back({index, standing});
    return found;
  }
  [[nodiscard]] sweep::Findings read_all() const {
    std::vector<std::string> jobs;
    for (const auto& [job, log] : logs) jobs.push_back(job);
    return read(jobs);
  }
};

/// One job's view of the shared claims.
class SharedClaims : public sweep::Claims {
 public:
  SharedClaims(SharedFolder& folder, std::string job) : folder_(folder), job_(std::move(job)) {}

  [[nodiscard]] Answer claim(std::uint64_t chunk, bool with_failed) override {
    using State = SharedFolder::State;
    ++folder_.asked;
    const auto found = folder_.claims.find(chunk);
    if (found == folder_.claims.end()) {
      folder_.claims[chunk] = {State::held, {job_}, 0};
      return {Answer::Kind::ours};
    }
    auto& claim = found->second;
    const bool has_failed = with_failed && claim.failed > 0;
    if (claim.state == State::done && !has_failed) {
      return {Answer::Kind::done, {}, false, claim.failed};
    }
    const bool is_alive = claim.state == State::held && folder_.living.contains(claim.jobs.back());
    if (is_alive) return {Answer::Kind::held};
    Answer answer{Answer::Kind::ours, claim.jobs};
    std::erase(claim.jobs, job_);
    claim.jobs.push_back(job_);
    claim.state = State::held;
    return answer;
  }
  [[nodiscard]] bool is_ours(std::uint64_t chunk) override {
    const auto found = folder_.claims.find(chunk);
    return found != folder_.claims.end() && found->second.jobs.back() == job_;
  }
  void keep(std::uint64_t) override {}
  void finish(std::uint64_t chunk, std::uint64_t failed) override {
    folder_.claims.at(chunk).state = SharedFolder::State::done;
    folder_.claims.at(chunk).failed = failed;
  }
  void give_back(std::uint64_t chunk) override {
    folder_.claims.at(chunk).state = SharedFolder::State::open;
  }
  [[nodiscard]] std::vector<std::string> take_warnings() override { return {}; }

 private:
  SharedFolder& folder_;
  std::string job_;
};

/// Jobs in simulated time that share one experiment: schedulers and feeds as real jobs have them,
/// with slots that run what they are given.
class SimulatedQueue {
 public:
  struct Job {
    double starts = 0;
    std::size_t slots = 1;
    double dies = 1e18;    ///< at once, with all that runs
    double leaves = 1e18;  ///< in good order: what runs is interrupted, the rest given back
  };
  struct Outcome {
    std::vector<std::uint32_t> begun;      ///< how often each config began
    std::vector<std::uint32_t> completed;  ///< and was complete
    std::vector<std::uint32_t> failed;
    std::vector<std::uint32_t> cut;  ///< and ended with its job
    std::vector<double> ended;       ///< when each job left, by number; negative: it died
    double makespan = 0;
    std::uint64_t idle_asks = 0;
  };

  SimulatedQueue(ConfigIter configs, sweep::Chunks chunks,
                 std::function<double(std::uint64_t)> run_time,
                 std::function<bool(std::uint64_t index, std::size_t job)> fails = {})
      : configs_(std::move(configs)),
        chunks_(chunks),
        run_time_(std::move(run_time)),
        fails_(std::move(fails)) {
    outcome_.begun.resize(configs_.grid_size());
    outcome_.completed.resize(configs_.grid_size());
    outcome_.failed.resize(configs_.grid_size());
    outcome_.cut.resize(configs_.grid_size());
  }

  void add(const Job& job) {
    const std::size_t number = jobs_.size();
    jobs_.push_back(std::make_unique<Running>());
    jobs_.back()->job = job;
    outcome_.ended.push_back(-1);
    at(job.starts, [this, number] { start(number); });
    if (job.dies < 1e18) at(job.dies, [this, number] { die(number); });
    if (job.leaves < 1e18) at(job.leaves, [this, number] { leave(number); });
  }

  Outcome run() {
    while (!events_.empty()) {
      Event event = events_.top();
      events_.pop();
      now_ = event.time;
      event.happen();
    }
    return outcome_;
  }

  SharedFolder& folder() { return folder_; }

 private:
  using Clock = sweep::WorkFeed::Clock;

  struct Event {
    double time;
    std::uint64_t number;
    std::function<void()> happen;
    bool operator<(const Event& other) const {
      return time != other.time ? time > other.time : number > other.number;
    }
  };

  struct Slot {
    std::deque<sweep::IndexRange> queue;
    bool busy = false;
    std::uint64_t index = 0;
  };
  struct Running {
    Job job;
    std::string name;
    std::unique_ptr<SharedClaims> claims;
    std::unique_ptr<sweep::QueueFeed> feed;
    std::unique_ptr<sweep::Scheduler> scheduler;
    std::vector<Slot> slots;
    bool alive = false;
  };

  void at(double time, std::function<void()> happen) {
    events_.push({time, next_number_++, std::move(happen)});
  }
  [[nodiscard]] Clock::time_point clock() const {
    return Clock::time_point() +
           std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(now_ + 1000));
  }

  void start(std::size_t number) {
    Running& job = *jobs_[number];
    job.name = "j" + std::to_string(number);
    job.alive = true;
    folder_.living.insert(job.name);
    folder_.logs[job.name];
    job.claims = std::make_unique<SharedClaims>(folder_, job.name);
    sweep::QueueFeed::Settings settings{configs_, chunks_};
    settings.patience = std::chrono::seconds(100);
    job.feed = std::make_unique<sweep::QueueFeed>(
        std::move(settings), folder_.read_all(), *job.claims, [this](const auto& jobs, bool all) {
          return std::make_shared<const sweep::Findings>(all ? folder_.read_all()
                                                             : folder_.read(jobs));
        });
    job.scheduler = std::make_unique<sweep::Scheduler>(
        sweep::WorkList(configs_.slice(0, 0), {}, false, false), job.job.slots);
    job.slots.resize(job.job.slots);
    for (std::size_t slot = 0; slot < job.slots.size(); ++slot) {
      send(number, job.scheduler->on_ready(slot));
    }
    turn(number);
  }

  void die(std::size_t number) {
    Running& job = *jobs_[number];
    if (!job.alive) return;
    for (const Slot& slot : job.slots) outcome_.cut[slot.index] += slot.busy ? 1 : 0;
    job.alive = false;
    folder_.living.erase(job.name);
  }

  void leave(std::size_t number) {
    Running& job = *jobs_[number];
    if (!job.alive) return;
    for (const Slot& slot : job.slots) {
      if (!slot.busy) continue;
      ++outcome_.cut[slot.index];
      folder_.logs[job.name][slot.index] = sweep::Standing::interrupted;
      job.feed->on_end(slot.index, sweep::RunEnd::interrupted);
    }
    job.feed->leave();
    end(number);
  }

  void end(std::size_t number) {
    jobs_[number]->alive = false;
    folder_.living.erase(jobs_[number]->name);
    outcome_.ended[number] = now_;
  }

  void turn(std::size_t number) {
    Running& job = *jobs_[number];
    if (!job.alive) return;
    job.feed->settle(clock(), Clock::time_point::max());
    const std::uint64_t wanted = job.scheduler->wanted();
    if (wanted > 0) {
      const auto work = job.feed->take(wanted, clock());
      if (!work.ranges.empty())
        send(number, job.scheduler->on_more(work.ranges));
      else
        ++outcome_.idle_asks;
    }
    if (job.scheduler->remaining() + job.scheduler->outstanding() == 0) {
      job.feed->settle(clock(), Clock::time_point::max());
      if (job.feed->is_over(clock())) return end(number);
    }
    if (job.scheduler->wanted() > 0) at(now_ + 0.02, [this, number] { turn_if_idle(number); });
  }
  void turn_if_idle(std::size_t number) {
    if (jobs_[number]->alive && jobs_[number]->scheduler->wanted() > 0) turn(number);
  }

  void send(std::size_t number, const sweep::Scheduler::Assignments& assignments) {
    for (const auto& assignment : assignments) {
      auto& queue = jobs_[number]->slots[assignment.worker].queue;
      queue.insert(queue.end(), assignment.ranges.begin(), assignment.ranges.end());
      start_next(number, assignment.worker);
    }
  }

  void start_next(std::size_t number, std::size_t slot_number) {
    Running& job = *jobs_[number];
    Slot& slot = job.slots[slot_number];
    if (slot.busy || slot.queue.empty()) return;
    auto& range = slot.queue.front();
    slot.index = range.first;
    range.first += range.step;
    if (--range.count == 0) slot.queue.pop_front();
    slot.busy = true;
    ++outcome_.begun[slot.index];
    folder_.logs[job.name][slot.index] = sweep::Standing::running;
    const double lasts = run_time_(slot.index);
    at(now_ + lasts, [this, number, slot_number, lasts] { end_run(number, slot_number, lasts); });
  }

  void end_run(std::size_t number, std::size_t slot_number, double lasted) {
    Running& job = *jobs_[number];
    if (!job.alive) return;
    Slot& slot = job.slots[slot_number];
    slot.busy = false;
    const bool failed = fails_ && fails_(slot.index, number);
    ++(failed ? outcome_.failed : outcome_.completed)[slot.index];
    outcome_.makespan = now_;
    folder_.logs[job.name][slot.index] =
        failed ? sweep::Standing::failed : sweep::Standing::complete;
    job.feed->on_end(slot.index, failed ? sweep::RunEnd::failed : sweep::RunEnd::complete);
    send(number, job.scheduler->on_finished(slot_number, 1, failed ? 0 : 1, failed ? 0 : lasted));
    start_next(number, slot_number);
    turn(number);
  }

  ConfigIter configs_;
  sweep::Chunks chunks_;
  std::function<double(std::uint64_t)> run_time_;
  std::function<bool(std::uint64_t, std::size_t)> fails_;
  SharedFolder folder_;
  std::vector<std::unique_ptr<Running>> jobs_;
  std::priority_queue<Event> events_;
  std::uint64_t next_number_ = 0;
  double now_ = 0;
  Outcome outcome_;
};

}  // namespace malet::test
