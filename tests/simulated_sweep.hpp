#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <vector>

#include "sweep/schedule/scheduler.hpp"

namespace malet::test {

/// A sweep in simulated time: workers run what the scheduler gives them, messages take a while, and
/// as real workers do, they report in batches and give back what waits behind an overlong run.
class SimulatedSweep {
 public:
  struct Settings {
    double latency = 50e-6;   ///< of a message, either way
    double batch_age = 0.05;  ///< how long ends of runs are held back
    double overlong = 0.05;   ///< beyond this a run gives back what waits behind it
    bool gives_back = true;
  };

  struct Outcome {
    double makespan = 0;  ///< until the last run ended
    double work = 0;      ///< the sum of all run times
    std::uint64_t messages = 0;
    std::vector<std::uint32_t> times_run;  ///< per config
    std::vector<std::uint32_t> runs_by;    ///< per worker
  };

  SimulatedSweep(sweep::Scheduler scheduler, std::size_t workers, std::size_t configs,
                 std::function<double(std::uint64_t)> run_time, Settings settings)
      : scheduler_(std::move(scheduler)),
        run_time_(std::move(run_time)),
        settings_(settings),
        workers_(workers) {
    outcome_.times_run.resize(configs);
    outcome_.runs_by.resize(workers);
  }

  Outcome run() {
    for (std::size_t worker = 0; worker < workers_.size(); ++worker) {
      send(0.0, scheduler_.on_ready(worker));
    }
    while (!events_.empty()) {
      Event event = events_.top();
      events_.pop();
      event.happen(event.time);
    }
    return outcome_;
  }

 private:
  struct Event {
    double time;
    std::uint64_t number;  // keeps events of one time in order
    std::function<void(double)> happen;
    bool operator<(const Event& other) const {
      return time != other.time ? time > other.time : number > other.number;
    }
  };

  struct SimulatedWorker {
    std::deque<sweep::IndexRange> queue;
    bool busy = false;
    std::uint64_t batch_runs = 0;
    double batch_seconds = 0;
    double batch_begun = 0;
  };

  void at(double time, std::function<void(double)> happen) {
    events_.push({time, next_number_++, std::move(happen)});
  }

  void send(double now, const sweep::Scheduler::Assignments& assignments) {
    for (const auto& assignment : assignments) {
      ++outcome_.messages;
      at(now + settings_.latency, [this, assignment](double time) {
        auto& queue = workers_[assignment.worker].queue;
        queue.insert(queue.end(), assignment.ranges.begin(), assignment.ranges.end());
        start_next(assignment.worker, time);
      });
    }
  }

  void start_next(std::size_t number, double now) {
    SimulatedWorker& worker = workers_[number];
    if (worker.busy || worker.queue.empty()) return;
    auto& range = worker.queue.front();
    const std::uint64_t index = range.first;
    range.first += range.step;
    if (--range.count == 0) worker.queue.pop_front();
    worker.busy = true;
    const double lasts = run_time_(index);
    ++outcome_.times_run[index];
    ++outcome_.runs_by[number];
    outcome_.work += lasts;
    at(now + lasts, [this, number, lasts](double time) { end_run(number, lasts, time); });
  }

  void end_run(std::size_t number, double lasted, double now) {
    SimulatedWorker& worker = workers_[number];
    worker.busy = false;
    outcome_.makespan = std::max(outcome_.makespan, now);
    if (worker.batch_runs++ == 0) worker.batch_begun = now;
    worker.batch_seconds += lasted;
    const bool overlong = lasted > settings_.overlong;
    if (overlong || worker.queue.empty() || now - worker.batch_begun > settings_.batch_age) {
      report(number, now);
    }
    if (overlong && settings_.gives_back && !worker.queue.empty()) give_back(number, now);
    start_next(number, now);
  }

  void report(std::size_t number, double now) {
    SimulatedWorker& worker = workers_[number];
    const std::uint64_t runs = std::exchange(worker.batch_runs, 0);
    const double seconds = std::exchange(worker.batch_seconds, 0);
    ++outcome_.messages;
    at(now + settings_.latency, [this, number, runs, seconds](double time) {
      send(time, scheduler_.on_finished(number, runs, runs, seconds));
    });
  }

  void give_back(std::size_t number, double now) {
    auto& queue = workers_[number].queue;
    const std::vector<sweep::IndexRange> ranges(queue.begin(), queue.end());
    queue.clear();
    ++outcome_.messages;
    at(now + settings_.latency,
       [this, number, ranges](double time) { send(time, scheduler_.on_returned(number, ranges)); });
  }

  sweep::Scheduler scheduler_;
  std::function<double(std::uint64_t)> run_time_;
  Settings settings_;
  std::vector<SimulatedWorker> workers_;
  std::priority_queue<Event> events_;
  std::uint64_t next_number_ = 0;
  Outcome outcome_;
};

}  // namespace malet::test
