#include "sweep/coordinator.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "exec/signals.hpp"

namespace malet::sweep {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Snapshots may cost this share of the wall time, and do not come more often than that.
constexpr double snapshot_share = 0.02;
constexpr std::chrono::seconds snapshot_interval(2);
// A last snapshot that failed is tried again after this.
constexpr milliseconds save_again(500);
// A signal must be noticed soon enough to save within mpirun's patience.
constexpr milliseconds longest_wait(20);
constexpr int messages_per_round = 256;

std::uint64_t count_of(const std::vector<IndexRange>& ranges) {
  std::uint64_t count = 0;
  for (const IndexRange& range : ranges) count += range.count;
  return count;
}

}  // namespace

Coordinator::Coordinator(Channel& channel, Scheduler scheduler, Recorder& recorder, StopPolicy stop,
                         Settings settings)
    : channel_(channel),
      scheduler_(std::move(scheduler)),
      recorder_(recorder),
      stop_(stop),
      settings_(std::move(settings)),
      workers_(settings_.workers),
      began_(Clock::now()),
      next_save_(began_ + snapshot_interval),
      next_progress_(began_) {
  progress_.counts = settings_.counts;
}

Coordinator::Result Coordinator::run() {
  bool done = false;
  while (!done) {
    bool heard = false;
    for (int i = 0; i < messages_per_round; ++i) {
      const auto envelope = channel_.try_receive();
      if (!envelope) break;
      take_message(*envelope);
      heard = true;
    }
    const auto now = Clock::now();
    check_clock(now);
    done = is_done(now);
    if (!heard && !done) channel_.wait(longest_wait);
  }
  save_last();
  progress_.warning.clear();
  show_progress(Clock::now(), true);
  return {final_counts(), progress_.counts.pending > 0, stopping_ && !all_stopped()};
}

/// A disk that is full for a moment must not cost the results, so this is tried again for a while.
void Coordinator::save_last() {
  const auto begun = Clock::now();
  for (;;) {
    try {
      return recorder_.snapshot(running(Clock::now()), 'R');
    } catch (const Error& error) {
      if (Clock::now() - begun >= patience()) throw;
      progress_.warning = error.what();
    }
    show_progress(Clock::now(), true);
    std::this_thread::sleep_for(save_again);
  }
}

/// For how long the last snapshot may be tried again: less when the job's time is over.
std::chrono::milliseconds Coordinator::patience() {
  switch (stop_.pace(Clock::now(), exec::SignalWatch::first())) {
    case StopPolicy::Pace::go_on:
      return std::chrono::seconds(30);
    case StopPolicy::Pace::graceful:
      return std::chrono::seconds(1);
    case StopPolicy::Pace::urgent:
      break;
  }
  return {};
}

void Coordinator::rescue() noexcept {
  try {
    recorder_.snapshot(running(Clock::now()), 'R');
  } catch (...) {
    // The error that ended the job is the one to tell.
  }
}

/// Of what is pending, what was interrupted is told apart: the next job runs both.
Counts Coordinator::final_counts() const {
  Counts counts = progress_.counts;
  counts.running = interrupted_ + running(Clock::now()).size();
  counts.pending -= std::min(counts.pending, counts.running);
  return counts;
}

bool Coordinator::is_done(Clock::time_point now) {
  if (!stopping_) {
    if (scheduler_.remaining() == 0 && scheduler_.outstanding() == 0) return true;
    const bool deserted = std::all_of(workers_.begin(), workers_.end(),
                                      [](const WorkerView& worker) { return worker.stopped; });
    return deserted;  // signals reached every worker before one reached us
  }
  return all_stopped() || stop_.grace_is_over(now, exec::SignalWatch::count());
}

bool Coordinator::all_stopped() const {
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const WorkerView& worker) { return worker.stopped; });
}

void Coordinator::check_clock(Clock::time_point now) {
  if (stop_.pace(now, exec::SignalWatch::first()) != StopPolicy::Pace::go_on && !stopping_) {
    begin_stop();
  }
  save_if_due(now);
  if (now >= next_progress_) show_progress(now, false);
}

void Coordinator::begin_stop() {
  stop_.begin(Clock::now());
  stopping_ = true;
  progress_.stopping = true;
  scheduler_.stop();
  for (std::size_t worker = 0; worker < workers_.size(); ++worker) {
    channel_.send(static_cast<int>(worker) + 1, encode(MessageKind::stop));
  }
}

void Coordinator::take_message(const Envelope& envelope) {
  const auto worker = static_cast<std::size_t>(envelope.from - 1);
  switch (kind_of(envelope.message)) {
    case MessageKind::ready:
      return send(scheduler_.on_ready(worker));
    case MessageKind::batch:
      return take_batch(worker, envelope.message);
    case MessageKind::returned:
      return take_returned(worker, envelope.message);
    case MessageKind::stopped:
      workers_[worker].stopped = true;
      scheduler_.on_left(worker);
      // A signal may reach one rank alone; nobody else takes its share of a fixed schedule.
      if (scheduler_.is_fixed() && !stopping_) begin_stop();
      return;
    case MessageKind::unable:
      throw decode_unable(envelope.message);
    default:
      throw Error(ErrorKind::internal, "rank 0 got a message that is not for rank 0");
  }
}

void Coordinator::take_batch(std::size_t worker, const std::string& batch) {
  BatchReader reader(batch);
  RunRecord record;
  std::uint64_t runs = 0;
  std::uint64_t timed = 0;
  double seconds = 0;
  while (reader.next(record)) {
    recorder_.take(record);
    if (record.is_step) continue;
    count_end(worker, record);
    ++runs;
    if (record.end != RunEnd::complete) continue;
    ++timed;
    seconds += std::chrono::duration<double>(record.duration).count();
  }
  dirty_ = true;
  workers_[worker].head_since = Clock::now();
  if (runs > 0) send(scheduler_.on_finished(worker, runs, timed, seconds));
}

void Coordinator::count_end(std::size_t worker, const RunRecord& record) {
  auto& assigned = workers_[worker].assigned;
  if (assigned.empty() || assigned.front().first != record.index) {
    throw Error(ErrorKind::internal, "a worker finished a config that was not its next one");
  }
  IndexRange& head = assigned.front();
  head.first += head.step;
  if (--head.count == 0) assigned.pop_front();
  if (record.end == RunEnd::interrupted) {
    ++interrupted_;
    return;
  }
  ++progress_.finished_here;
  Counts& counts = progress_.counts;
  --counts.pending;
  if (record.end == RunEnd::complete) {
    ++counts.completed;
    return;
  }
  ++counts.failed;
  progress_.last_error = record.error;
  progress_.last_error_index = record.index;
}

void Coordinator::take_returned(std::size_t worker, const std::string& message) {
  const auto ranges = decode_ranges(message);
  // A worker gives back all it has not started, so what stays is at most what it runs now.
  std::uint64_t kept = 0;
  for (const IndexRange& range : workers_[worker].assigned) kept += range.count;
  kept -= std::min(kept, count_of(ranges));
  std::vector<IndexRange> stay;
  for (const IndexRange& range : workers_[worker].assigned) {
    const std::uint64_t count = std::min(kept, range.count);
    if (count > 0) stay.push_back({range.first, count, range.step});
    kept -= count;
  }
  workers_[worker].assigned.assign(stay.begin(), stay.end());
  send(scheduler_.on_returned(worker, ranges));
}

void Coordinator::send(const Scheduler::Assignments& assignments) {
  for (const auto& [worker, ranges] : assignments) {
    const int to = static_cast<int>(worker) + 1;
    WorkerView& view = workers_[worker];
    if (view.assigned.empty()) view.head_since = Clock::now();
    for (const IndexRange& range : ranges) {
      if (recorder_.has_earlier()) send_earlier(to, range);
      view.assigned.push_back(range);
    }
    channel_.send(to, encode_ranges(MessageKind::assign, ranges));
    dirty_ = true;  // whoever looks into the log is to see what runs
  }
}

void Coordinator::send_earlier(int to, const IndexRange& range) {
  for (std::uint64_t i = 0; i < range.count; ++i) {
    const std::uint64_t index = range.first + i * range.step;
    if (const Metrics* metrics = recorder_.earlier_metrics(index)) {
      channel_.send(to, encode(ResumeMessage{index, *metrics}));
    }
  }
}

std::vector<Recorder::Running> Coordinator::running(Clock::time_point now) const {
  std::vector<Recorder::Running> runs;
  for (const WorkerView& worker : workers_) {
    if (worker.assigned.empty() || worker.stopped) continue;
    runs.push_back({worker.assigned.front().first,
                    std::chrono::duration_cast<Micros>(now - worker.head_since)});
  }
  return runs;
}

void Coordinator::save_if_due(Clock::time_point now) {
  if (now < next_save_ || !dirty_) return;
  try {
    recorder_.snapshot(running(now), 'R');
    progress_.warning.clear();
    dirty_ = false;
  } catch (const Error& error) {
    // A full disk may be emptied by somebody; the results are still here.
    progress_.warning = error.what();
  }
  const auto cost = Clock::now() - now;
  const auto rest = std::chrono::duration_cast<Clock::duration>(cost / snapshot_share);
  next_save_ = now + cost + std::max<Clock::duration>(rest, snapshot_interval);
}

void Coordinator::show_progress(Clock::time_point now, bool last) {
  next_progress_ = now + std::chrono::duration_cast<Clock::duration>(settings_.progress_interval);
  if (!settings_.on_progress) return;
  Progress shown = progress_;
  shown.elapsed = now - began_;
  shown.counts.running = last ? 0 : running(now).size();
  shown.counts.pending -= std::min(shown.counts.pending, shown.counts.running);
  settings_.on_progress(shown);
}

}  // namespace malet::sweep
