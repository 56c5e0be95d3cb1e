#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sweep/channel/message.hpp"
#include "sweep/schedule/work_list.hpp"

namespace malet::sweep {

/// Decides who runs what, and knows who has what. A pure state machine: no clock, no messages, no
/// threads of its own; it is told what happened and answers with what to send.
///
/// Dynamic: one list for all. Workers get chunks of about 10 ms of work by the mean run time so
/// far, never more than half a worker's share of what remains, never more than twice their last
/// chunk (a few quick runs must not draw a long queue behind them). Short runs are fetched ahead,
/// one chunk in progress and one waiting, so that no worker waits for a round trip; at the tail and
/// for long runs there is none. Fixed: each worker has a list of its own and gets all of it at
/// once; what a worker leaves behind that takes nothing more goes to the others, in chunks.
class Scheduler {
 public:
  /// Configs to send to a worker; none: it is not needed any more.
  struct Assignment {
    std::size_t worker;
    std::vector<IndexRange> ranges;
  };
  using Assignments = std::vector<Assignment>;

  /// Dynamic, for `workers` workers numbered from 0.
  Scheduler(WorkList work, std::size_t workers);
  /// Fixed, one list per worker.
  explicit Scheduler(std::vector<WorkList> work);

  /// A worker is there and has nothing to do.
  [[nodiscard]] Assignments on_ready(std::size_t worker);
  /// A worker has ended its current config. Throws Error(internal) when that is another one.
  /// on_finished() follows, once for all that ended.
  void on_end(std::size_t worker, std::uint64_t index);
  /// A worker has finished the next `runs` of its configs, beside those that on_end() told of, all
  /// of them in `seconds`. Those that failed tell little about how long runs last, and are left out
  /// of `timed` and `seconds`.
  [[nodiscard]] Assignments on_finished(std::size_t worker, std::uint64_t runs, std::uint64_t timed,
                                        double seconds);
  /// A worker gave configs back that it has not started. Throws Error(internal) when it did not
  /// have them.
  [[nodiscard]] Assignments on_returned(std::size_t worker, const std::vector<IndexRange>& ranges);
  /// A config that a worker finished is to run again, by another worker if one takes configs.
  [[nodiscard]] Assignments on_retry(std::size_t worker, std::uint64_t index);
  /// A worker will not take anything more. What it has must have been finished or given back.
  [[nodiscard]] Assignments on_left(std::size_t worker);
  /// There is more to run. Dynamic only.
  [[nodiscard]] Assignments on_more(const std::vector<IndexRange>& ranges);
  /// How many more configs workers need, where work is added while it runs: one for each that has
  /// nothing to do, and what all of them finish while more is being looked for. Dynamic only.
  [[nodiscard]] std::uint64_t wanted() const;
  /// Whether each worker has a list of its own.
  [[nodiscard]] bool is_fixed() const { return fixed_; }
  /// Nothing more is to be handed out.
  void stop() { stopped_ = true; }

  /// Number of configs that were neither finished nor are with a worker.
  [[nodiscard]] std::uint64_t remaining() const;
  /// Number of configs that workers have.
  [[nodiscard]] std::uint64_t outstanding() const { return outstanding_; }
  /// The configs that a worker has, in the order in which they run.
  [[nodiscard]] const std::deque<IndexRange>& assigned(std::size_t worker) const {
    return workers_[worker].assigned;
  }
  /// The config that a worker runs now; nothing where it has none, or has left.
  [[nodiscard]] std::optional<std::uint64_t> current(std::size_t worker) const;
  /// Whether there is anything that no worker runs yet.
  [[nodiscard]] bool has_waiting() const;
  /// Whether some worker has not left.
  [[nodiscard]] bool has_workers() const;

 private:
  struct Worker {
    bool ready = false;
    bool left = false;
    std::deque<IndexRange> assigned;  // in the order in which they run
    std::uint64_t outstanding = 0;    // how many configs that are
    std::uint64_t last_chunk = 0;
  };

  /// A config that failed, and who is not to have it again.
  struct Retry {
    std::uint64_t index;
    std::size_t avoided;
  };

  [[nodiscard]] WorkList& list_of(std::size_t worker);
  [[nodiscard]] WorkList* source_of(std::size_t worker);
  [[nodiscard]] Assignments feed(std::size_t worker);
  void feed_idle_but(std::size_t giver, Assignments& assignments);
  [[nodiscard]] std::uint64_t next_chunk(const Worker& worker) const;
  [[nodiscard]] bool wants_more(const Worker& worker) const;
  [[nodiscard]] std::optional<std::uint64_t> take_retry(std::size_t worker);
  void end_current(Worker& worker, std::uint64_t runs);
  bool hand_out(Assignments& assignments, Assignment assignment);

  bool fixed_;
  bool stopped_ = false;
  std::vector<WorkList> lists_;
  std::vector<Worker> workers_;
  std::deque<Retry> retries_;
  std::uint64_t outstanding_ = 0;
  double mean_seconds_ = -1;  // of recent runs; negative before the first
};

}  // namespace malet::sweep
