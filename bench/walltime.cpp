// Simulates jobs with a walltime, performance row 12: workers take runs of lognormal length one
// after another until the deadline cuts what is in progress, or until the gate has closed.
//   bench_walltime SIGMA WORKERS [SHARE]
// The oracle knows how long each run takes and sets aside those that do not fit; nobody looks for
// another one that would. Every worker-second that ended in no complete run is wasted: those of
// cut runs, and idle ones either until the walltime is over (`wall`), or until the job leaves and
// its allocation is given back (`job`).

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "sweep/schedule/run_gate.hpp"

namespace {

using malet::sweep::RunGate;
using Seconds = RunGate::Seconds;

constexpr double walltime = 60;
constexpr double mean = 5;
constexpr double tick = 0.02;
constexpr int draws = 1'000;

enum class Rule { gate, always, oracle };

struct Outcome {
  double wasted_wall = 0;
  double wasted_job = 0;
  double cut = 0;

  void add(const Outcome& other) {
    wasted_wall += other.wasted_wall / draws;
    wasted_job += other.wasted_job / draws;
    cut += other.cut / draws;
  }
};

class Job {
 public:
  Job(Rule rule, double sigma, std::size_t workers, double share, unsigned seed)
      : rule_(rule),
        random_(seed),
        length_(std::log(mean) - sigma * sigma / 2, sigma),
        gate_(Seconds(walltime), share),
        workers_(workers) {}

  Outcome run() {
    for (double now = 0; now < walltime; now += tick) {
      for (Worker& worker : workers_) turn(worker, now);
      if (open_ && rule_ == Rule::gate) ask_gate(now);
      if (!is_busy()) break;
    }
    return settle();
  }

 private:
  struct Worker {
    double begun = -1;  // negative: idle
    double length = 0;
    double free_since = 0;
    bool idle = false;  // for good
  };

  void turn(Worker& worker, double now) {
    while (!worker.idle) {
      if (worker.begun >= 0) {
        if (worker.begun + worker.length > now) return;
        complete(worker);
      }
      start_next(worker);
    }
  }

  void complete(Worker& worker) {
    gate_.add(Seconds(worker.length));
    useful_ += worker.length;
    worker.free_since = worker.begun + worker.length;
    worker.begun = -1;
    last_end_ = std::max(last_end_, worker.free_since);
    if (open_ && rule_ == Rule::gate) ask_gate(worker.free_since);
  }

  void start_next(Worker& worker) {
    const double length = length_(random_);
    const bool fits = worker.free_since + length <= walltime;
    worker.idle = rule_ == Rule::gate ? !open_ : rule_ == Rule::oracle && !fits;
    if (worker.idle) return;
    worker.begun = worker.free_since;
    worker.length = length;
  }

  void ask_gate(double now) {
    const Seconds left(walltime - now);
    if (gate_.is_due(left)) {
      std::vector<Seconds> ages;
      for (const Worker& worker : workers_) {
        if (worker.begun >= 0) ages.emplace_back(std::max(now - worker.begun, 0.0));
      }
      gate_.look(left, ages);
    }
    open_ = gate_.is_open(left);
  }

  [[nodiscard]] bool is_busy() const {
    return std::any_of(workers_.begin(), workers_.end(), [](const Worker& w) { return !w.idle; });
  }

  [[nodiscard]] Outcome settle() {
    Outcome outcome;
    // Ends between the last tick and the deadline.
    for (Worker& worker : workers_) {
      if (worker.idle || worker.begun < 0) continue;
      if (worker.begun + worker.length <= walltime) {
        complete(worker);
      } else {
        ++outcome.cut;
      }
    }
    const double lasted = outcome.cut > 0 ? walltime : last_end_;
    const auto count = static_cast<double>(workers_.size());
    outcome.wasted_wall = count * walltime - useful_;
    outcome.wasted_job = count * lasted - useful_;
    return outcome;
  }

  Rule rule_;
  std::mt19937_64 random_;
  std::lognormal_distribution<double> length_;
  RunGate gate_;
  std::vector<Worker> workers_;
  bool open_ = true;
  double useful_ = 0;
  double last_end_ = 0;
};

Outcome simulate(Rule rule, double sigma, std::size_t workers, double share) {
  Outcome sum;
  for (unsigned seed = 0; seed < draws; ++seed) {
    sum.add(Job(rule, sigma, workers, share, seed).run());
  }
  return sum;
}

std::string json(const char* name, const Outcome& outcome) {
  return fmt::format(R"("{0}_wall": {1:.3f}, "{0}_job": {2:.3f}, "{0}_cut": {3:.3f})", name,
                     outcome.wasted_wall, outcome.wasted_job, outcome.cut);
}

}  // namespace

int main(int argc, char** argv) {
  const double sigma = argc > 1 ? std::atof(argv[1]) : 0.5;
  const auto workers = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 4);
  const double share = argc > 3 ? std::atof(argv[3]) : RunGate::likely;
  fmt::print("{{{}, {}, {}}}\n", json("gate", simulate(Rule::gate, sigma, workers, share)),
             json("always", simulate(Rule::always, sigma, workers, share)),
             json("oracle", simulate(Rule::oracle, sigma, workers, share)));
  return 0;
}
