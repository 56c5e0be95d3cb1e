#include "sweep/schedule/scheduler.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "malet/error.hpp"

namespace malet::sweep {

namespace {

constexpr double chunk_seconds = 0.010;
// Twenty times the round trip of a message with both ends resting up to 2 ms between looks.
constexpr double long_run_seconds = 0.050;
constexpr std::uint64_t largest_chunk = 1U << 20U;
// What looking for more work may take, where it is added: others wait for what lies about here.
constexpr double looking_seconds = 0.050;
constexpr double largest_stock = 1U << 24U;
// The weight of a new measurement: about the last eight batches count.
constexpr double weight = 0.125;

std::uint64_t last_of(const IndexRange& range) {
  return range.first + (range.count - 1) * range.step;
}

/// Removes `returned`, the tail of one assigned range, from `assigned`. Searches all ranges: newer
/// ones may follow it.
void take_back(std::deque<IndexRange>& assigned, const IndexRange& returned) {
  const auto found = std::find_if(assigned.begin(), assigned.end(), [&](const IndexRange& range) {
    return last_of(range) == last_of(returned) && range.count >= returned.count;
  });
  if (found == assigned.end()) {
    throw Error(ErrorKind::internal, "a worker gave back a config that it did not have");
  }
  found->count -= returned.count;
  if (found->count == 0) assigned.erase(found);
}

}  // namespace

Scheduler::Scheduler(WorkList work, std::size_t workers) : fixed_(false), workers_(workers) {
  lists_.push_back(std::move(work));
}

Scheduler::Scheduler(std::vector<WorkList> work)
    : fixed_(true), lists_(std::move(work)), workers_(lists_.size()) {}

WorkList& Scheduler::list_of(std::size_t worker) {
  return lists_[fixed_ ? worker : 0];
}

/// Where a worker's next configs come from, if there are any.
WorkList* Scheduler::source_of(std::size_t worker) {
  WorkList& own = list_of(worker);
  if (own.remaining() > 0) return &own;
  for (std::size_t other = 0; fixed_ && other < lists_.size(); ++other) {
    if (workers_[other].left && lists_[other].remaining() > 0) return &lists_[other];
  }
  return nullptr;
}

std::uint64_t Scheduler::remaining() const {
  std::uint64_t sum = retries_.size();
  for (const WorkList& list : lists_) sum += list.remaining();
  return sum;
}

bool Scheduler::has_workers() const {
  return std::any_of(workers_.begin(), workers_.end(), [](const Worker& w) { return !w.left; });
}

bool Scheduler::has_waiting() const {
  return remaining() > 0 || std::any_of(workers_.begin(), workers_.end(),
                                        [](const Worker& w) { return w.outstanding > 1; });
}

std::optional<std::uint64_t> Scheduler::current(std::size_t worker) const {
  const Worker& asked = workers_[worker];
  if (asked.left || asked.assigned.empty()) return std::nullopt;
  return asked.assigned.front().first;
}

Scheduler::Assignments Scheduler::on_ready(std::size_t worker) {
  workers_[worker].ready = true;
  return feed(worker);
}

void Scheduler::on_end(std::size_t worker, std::uint64_t index) {
  const auto& assigned = workers_[worker].assigned;
  if (assigned.empty() || assigned.front().first != index) {
    throw Error(ErrorKind::internal, "a worker finished a config that was not its next one");
  }
  end_current(workers_[worker], 1);
}

/// Takes so many configs out of what the worker has, from the one on that it runs.
void Scheduler::end_current(Worker& worker, std::uint64_t runs) {
  while (runs > 0 && !worker.assigned.empty()) {
    IndexRange& head = worker.assigned.front();
    const std::uint64_t ended = std::min(runs, head.count);
    head.first += ended * head.step;
    head.count -= ended;
    if (head.count == 0) worker.assigned.pop_front();
    runs -= ended;
    worker.outstanding -= ended;
    outstanding_ -= ended;
  }
}

Scheduler::Assignments Scheduler::on_finished(std::size_t worker, std::uint64_t runs,
                                              std::uint64_t timed, double seconds) {
  end_current(workers_[worker], runs);
  if (timed > 0) {
    const double mean = seconds / static_cast<double>(timed);
    mean_seconds_ = mean_seconds_ < 0 ? mean : mean_seconds_ + weight * (mean - mean_seconds_);
  }
  return feed(worker);
}

Scheduler::Assignments Scheduler::on_returned(std::size_t worker,
                                              const std::vector<IndexRange>& ranges) {
  Worker& giver = workers_[worker];
  for (const IndexRange& range : ranges) {
    take_back(giver.assigned, range);
    giver.outstanding -= range.count;
    outstanding_ -= range.count;
  }
  // Its estimate was wrong: begin small again.
  giver.last_chunk = 0;
  list_of(worker).put_back(ranges);
  Assignments assignments;
  if (!fixed_ || giver.left) feed_idle_but(worker, assignments);
  auto own = feed(worker);
  std::move(own.begin(), own.end(), std::back_inserter(assignments));
  return assignments;
}

Scheduler::Assignments Scheduler::on_left(std::size_t worker) {
  workers_[worker].ready = false;
  workers_[worker].left = true;
  Assignments assignments;
  feed_idle_but(worker, assignments);
  return assignments;
}

Scheduler::Assignments Scheduler::on_retry(std::size_t worker, std::uint64_t index) {
  retries_.push_back({index, worker});
  Assignments assignments;
  feed_idle_but(worker, assignments);
  auto own = feed(worker);
  std::move(own.begin(), own.end(), std::back_inserter(assignments));
  return assignments;
}

Scheduler::Assignments Scheduler::on_more(const std::vector<IndexRange>& ranges) {
  lists_[0].add(ranges);
  Assignments assignments;
  feed_idle_but(workers_.size(), assignments);
  return assignments;
}

std::uint64_t Scheduler::wanted() const {
  if (stopped_) return 0;
  std::uint64_t takers = 0;
  std::uint64_t idle = 0;
  for (const Worker& worker : workers_) {
    takers += worker.ready ? 1 : 0;
    idle += worker.ready && worker.outstanding == 0 ? 1 : 0;
  }
  // Twice, since half of what remains is all that is handed out at once.
  const double ends = mean_seconds_ < 0 ? 0
                                        : 2 * static_cast<double>(takers) * looking_seconds /
                                              std::max(mean_seconds_, 1e-9);
  const auto stock = static_cast<std::uint64_t>(std::min(ends, largest_stock));
  const std::uint64_t needed = idle + stock;
  return needed > remaining() ? needed - remaining() : 0;
}

/// A config that this worker may try again. Who failed gets it only when nobody else takes any.
std::optional<std::uint64_t> Scheduler::take_retry(std::size_t worker) {
  const bool alone = std::none_of(workers_.begin(), workers_.end(), [&](const Worker& other) {
    return other.ready && &other != &workers_[worker];
  });
  const auto found = std::find_if(retries_.begin(), retries_.end(), [&](const Retry& retry) {
    return alone || retry.avoided != worker;
  });
  if (found == retries_.end()) return std::nullopt;
  const std::uint64_t index = found->index;
  retries_.erase(found);
  return index;
}

void Scheduler::feed_idle_but(std::size_t giver, Assignments& assignments) {
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) {
    if (worker == giver || workers_[worker].outstanding > 0) continue;
    auto fed = feed(worker);
    std::move(fed.begin(), fed.end(), std::back_inserter(assignments));
  }
}

Scheduler::Assignments Scheduler::feed(std::size_t worker) {
  Assignments assignments;
  Worker& fed = workers_[worker];
  while (!stopped_ && fed.ready && wants_more(fed)) {
    WorkList* list = source_of(worker);
    if (list == nullptr) break;
    const bool is_share = fixed_ && list == &lists_[worker];
    const std::uint64_t chunk = is_share ? list->remaining() : next_chunk(fed);
    if (!hand_out(assignments, {worker, list->take(chunk)})) break;
  }
  // At the end of the list, so that what failed once is not first in line to fail again.
  while (!stopped_ && fed.ready && fed.outstanding == 0 && !retries_.empty()) {
    const auto index = take_retry(worker);
    if (!index) break;
    (void)hand_out(assignments, {worker, {{*index, 1, 1}}});
  }
  return assignments;
}

/// Whether there was anything in it.
bool Scheduler::hand_out(Assignments& assignments, Assignment assignment) {
  Worker& fed = workers_[assignment.worker];
  std::uint64_t count = 0;
  for (const IndexRange& range : assignment.ranges) count += range.count;
  if (count == 0) return false;
  fed.outstanding += count;
  fed.last_chunk = count;
  outstanding_ += count;
  for (const IndexRange& range : assignment.ranges) {
    if (range.count > 0) fed.assigned.push_back(range);
  }
  assignments.push_back(std::move(assignment));
  return true;
}

bool Scheduler::wants_more(const Worker& worker) const {
  if (worker.outstanding == 0) return true;
  if (fixed_ || worker.outstanding > worker.last_chunk) return false;
  const bool runs_are_short = mean_seconds_ >= 0 && mean_seconds_ < long_run_seconds;
  const bool tail = remaining() < 2 * workers_.size();
  return runs_are_short && !tail;
}

std::uint64_t Scheduler::next_chunk(const Worker& worker) const {
  if (mean_seconds_ < 0 || worker.last_chunk == 0) return 1;
  const double by_time = chunk_seconds / std::max(mean_seconds_, 1e-9);
  const std::uint64_t share = remaining() / (2 * workers_.size());
  const std::uint64_t most = std::min({share, 2 * worker.last_chunk, largest_chunk});
  return std::max<std::uint64_t>(
      1, by_time < static_cast<double>(most) ? static_cast<std::uint64_t>(by_time) : most);
}

}  // namespace malet::sweep
