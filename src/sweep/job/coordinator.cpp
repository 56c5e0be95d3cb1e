#include "sweep/job/coordinator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "exec/process/signals.hpp"

namespace malet::sweep {

namespace {

using std::chrono::milliseconds;

// A signal must be noticed soon enough to save within mpirun's patience.
constexpr milliseconds longest_wait(20);
constexpr int messages_per_round = 256;
// A share of failures says nothing before as many runs have ended.
constexpr std::uint64_t fewest_for_percent = 10;

}  // namespace

Coordinator::Coordinator(Channel& channel, Scheduler scheduler, Recorder& recorder, StopPolicy stop,
                         Settings settings)
    : channel_(channel),
      scheduler_(std::move(scheduler)),
      recorder_(recorder),
      stop_(stop),
      settings_(std::move(settings)),
      run_since_(settings_.workers),
      began_(Clock::now()),
      next_progress_(began_),
      pace_(began_) {
  progress_.counts = settings_.counts;
  progress_.events = settings_.events;
}

Coordinator::Result Coordinator::run() {
  loop();
  return finish();
}

void Coordinator::loop() {
  while (!is_over()) {
    if (!turn() && !is_over()) channel_.wait(longest_wait);
  }
}

bool Coordinator::turn() {
  bool heard = false;
  for (int i = 0; i < messages_per_round; ++i) {
    const auto envelope = channel_.try_receive();
    if (!envelope) break;
    take_message(*envelope);
    heard = true;
  }
  const auto now = Clock::now();
  if (heard && settings_.notes_starts) next_note_ = now;
  note_running(now);
  recorder_.flush();  // before anybody is told
  if (heard && settings_.attempts != nullptr) settings_.attempts->flush();
  settle_feed(now);
  check_clock(now);
  take_more(now);
  if (is_done(now)) phase_ = Phase::over;
  return heard;
}

/// Of what is pending, what was interrupted is told apart: the next job runs both.
Counts Coordinator::final_counts() const {
  Counts counts = progress_.counts;
  counts.running = interrupted_ + running(Clock::now()).size();
  counts.pending -= std::min(counts.pending, counts.running);
  return counts;
}

bool Coordinator::is_done(Clock::time_point now) {
  // Signals may reach every worker before one reaches us; or every slot went out of service.
  if (phase_ == Phase::over || !scheduler_.has_workers()) return true;
  if (phase_ == Phase::stopping) return stop_.grace_is_over(now, exec::SignalWatch::count());
  if (scheduler_.outstanding() > 0) return false;
  if (phase_ == Phase::draining) return true;
  return scheduler_.remaining() == 0 && (settings_.feed == nullptr || settings_.feed->is_over(now));
}

void Coordinator::check_clock(Clock::time_point now) {
  const auto signal = exec::SignalWatch::first();
  if (stop_.pace(now, signal) != StopPolicy::Pace::go_on && phase_ < Phase::stopping) {
    begin_stop(signal);
  }
  recorder_.sync_if_due(now);
  check_gate(now);
  save_if_due(now);
  if (now >= next_progress_) show_progress(now, false);
}

void Coordinator::begin_stop(std::optional<int> signal) {
  stop_.begin(Clock::now());
  phase_ = Phase::stopping;
  const bool is_cancelled = signal && !StopPolicy::is_soft(*signal);
  stopped_for_ = is_cancelled ? StopCause::cancelled : StopCause::deadline;
  progress_.stopping = true;
  scheduler_.stop();
  tell_all(encode(StopMessage{*stopped_for_, std::chrono::duration_cast<Micros>(stop_.grace())}));
}

void Coordinator::tell_all(const std::string& message) {
  for (std::size_t worker = 0; worker < settings_.workers; ++worker) {
    channel_.send(static_cast<int>(worker) + 1, message);
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
      return lose_worker(worker);
    case MessageKind::retired:
      retired_ = decode_retired(envelope.message);
      progress_.events.push_back(fmt::format("slot {} is out of service: {}", worker, retired_));
      return lose_worker(worker);
    case MessageKind::unable:
      throw decode_unable(envelope.message);
    default:
      throw Error(ErrorKind::internal, "rank 0 got a message that is not for rank 0");
  }
}

void Coordinator::lose_worker(std::size_t worker) {
  for (const IndexRange& range : scheduler_.assigned(worker)) recorder_.forget(range);
  send(scheduler_.on_left(worker));
  // A signal may reach one rank alone; nobody else takes its share of a fixed schedule.
  if (scheduler_.is_fixed() && phase_ < Phase::stopping) begin_stop(exec::SignalWatch::first());
}

void Coordinator::take_batch(std::size_t worker, const std::string& batch) {
  BatchReader reader(batch);
  RunRecord record;
  bool has_ends = false;
  std::uint64_t timed = 0;
  double seconds = 0;
  while (reader.next(record)) {
    recorder_.take(record);
    if (record.is_step) continue;
    scheduler_.on_end(worker, record.index);
    count_end(worker, record);
    has_ends = true;
    if (record.end != RunEnd::complete) continue;
    ++timed;
    seconds += std::chrono::duration<double>(record.duration).count();
    if (settings_.run_timeout.median_percent > 0) times_.add(record.duration);
    if (settings_.gate) settings_.gate->add(record.duration);
  }
  pace_.mark();
  run_since_[worker] = Clock::now();
  check_gate(run_since_[worker]);
  if (has_ends) send(scheduler_.on_finished(worker, 0, timed, seconds));
  for (const std::uint64_t index : std::exchange(retry_, {})) {
    send(scheduler_.on_retry(worker, index));
  }
  set_time_limit();
  check_halt();
}

/// Tells the workers how long a run may last, once the median has moved by a tenth.
void Coordinator::set_time_limit() {
  const auto limit = times_.limit(settings_.run_timeout.median_percent);
  if (!limit || std::abs(limit->count() - told_limit_.count()) < told_limit_.count() / 10) return;
  told_limit_ = *limit;
  tell_all(encode_limit(*limit));
}

void Coordinator::check_halt() {
  if (phase_ != Phase::running) return;
  const Halt& halt = settings_.halt;
  const auto finished = static_cast<double>(progress_.finished_here);
  const bool many = halt.failures && failed_here_ >= *halt.failures;
  const bool share = halt.percent && progress_.finished_here >= fewest_for_percent &&
                     100 * static_cast<double>(failed_here_) >= *halt.percent * finished;
  if (!many && !share) return;
  drain(DrainCause::failures, fmt::format("{} of {} runs failed: nothing more is started (--halt)",
                                          failed_here_, progress_.finished_here));
}

/// Lets what runs end, and nothing more begin.
void Coordinator::drain(DrainCause cause, std::string reason) {
  phase_ = Phase::draining;
  drained_for_ = cause;
  progress_.events.push_back(std::move(reason));
  scheduler_.stop();
  tell_all(encode(MessageKind::drain));
}

void Coordinator::check_gate(Clock::time_point now) {
  if (!settings_.gate || phase_ != Phase::running) return;
  RunGate& gate = *settings_.gate;
  const auto left = stop_.left(now).value_or(RunGate::Seconds::max());
  if (gate.is_due(left)) gate.look(left, ages(now));
  if (gate.is_hopeless() && !std::exchange(said_hopeless_, true)) {
    progress_.events.push_back(gate.hopeless_text());
  }
  const bool has_waiting = scheduler_.has_waiting() || !retry_.empty() ||
                           (settings_.feed != nullptr && settings_.feed->has_more());
  if (!gate.is_open(left) && has_waiting) drain(DrainCause::no_time, gate.closing_text(left));
}

/// How long the runs in progress have taken so far.
std::vector<RunGate::Seconds> Coordinator::ages(Clock::time_point now) const {
  std::vector<RunGate::Seconds> ages;
  for (const auto& run : running(now)) ages.emplace_back(run.duration);
  return ages;
}

void Coordinator::count_end(std::size_t worker, RunRecord& record) {
  note_attempt(worker, record);
  if (record.end == RunEnd::interrupted) {
    ++interrupted_;
    return tell_feed(record);
  }
  if (record.end == RunEnd::failed) return count_failure(record);
  tell_feed(record);
  ++progress_.finished_here;
  count_down_pending();
  ++progress_.counts.completed;
}

void Coordinator::count_failure(const RunRecord& record) {
  const bool retry = phase_ == Phase::running && settings_.retries > 0 &&
                     retried_[record.index]++ < settings_.retries;
  progress_.last_error = record.error;
  progress_.last_error_index = record.index;
  if (settings_.on_failure) {
    const std::string traceback = record.attempt ? record.attempt->traceback : std::string();
    settings_.on_failure({record.index, record.error, traceback, retry});
  }
  if (retry) {
    ++progress_.retries;
    retry_.push_back(record.index);
    return;
  }
  tell_feed(record);
  ++progress_.finished_here;
  ++failed_here_;
  count_down_pending();
  ++progress_.counts.failed;
}

void Coordinator::note_attempt(std::size_t worker, RunRecord& record) {
  if (settings_.attempts == nullptr || !record.attempt) return;
  Attempt& attempt = *record.attempt;
  // A run inside the rank does not know why it was told to stop.
  const bool is_ours = record.end == RunEnd::interrupted && attempt.pid == 0;
  if (is_ours && stopped_for_ != StopCause::cancelled) attempt.reason = EndReason::deadline;
  settings_.attempts->add(worker, record);
}

void Coordinator::take_returned(std::size_t worker, const std::string& message) {
  const auto ranges = decode_ranges(message);
  for (const IndexRange& range : ranges) recorder_.forget(range);
  send(scheduler_.on_returned(worker, ranges));
}

void Coordinator::send(const Scheduler::Assignments& assignments) {
  for (const auto& [worker, ranges] : assignments) {
    const int to = static_cast<int>(worker) + 1;
    if (scheduler_.assigned(worker).front() == ranges.front()) run_since_[worker] = Clock::now();
    if (recorder_.has_earlier()) {
      for (const IndexRange& range : ranges) send_earlier(to, range);
    }
    channel_.send(to, encode_ranges(MessageKind::assign, ranges));
    pace_.mark();  // whoever looks into the log is to see what runs
  }
}

void Coordinator::send_earlier(int to, const IndexRange& range) {
  for (std::uint64_t i = 0; i < range.count; ++i) {
    const std::uint64_t index = range.first + i * range.step;
    if (const Earlier* earlier = recorder_.earlier(index)) {
      channel_.send(to, encode(ResumeMessage{index, earlier->attempts,
                                             recorder_.earlier_metrics(index), earlier->info}));
    }
  }
}

std::vector<Recorder::Running> Coordinator::running(Clock::time_point now) const {
  std::vector<Recorder::Running> runs;
  for (std::size_t worker = 0; worker < run_since_.size(); ++worker) {
    const auto index = scheduler_.current(worker);
    if (!index) continue;
    runs.push_back({*index, std::chrono::duration_cast<Micros>(now - run_since_[worker])});
  }
  return runs;
}

void Coordinator::tell_feed(const RunRecord& record) {
  if (settings_.feed != nullptr) settings_.feed->on_end(record.index, record.end);
}

void Coordinator::count_down_pending() {
  // What ran twice, here and in another job, has been counted before.
  if (progress_.counts.pending > 0) --progress_.counts.pending;
}

/// Others learn what has ended here once it is in the journal.
void Coordinator::settle_feed(Clock::time_point now) {
  if (settings_.feed == nullptr) return;
  if (recorder_.journal_warning().empty()) {
    settings_.feed->settle(now, recorder_.on_disk_until());
  }
  for (std::string& warning : settings_.feed->take_warnings()) {
    progress_.events.push_back(std::move(warning));
  }
}

void Coordinator::take_more(Clock::time_point now) {
  if (settings_.feed == nullptr || phase_ != Phase::running) return;
  const std::uint64_t wanted = scheduler_.wanted();
  if (wanted == 0) return;
  WorkFeed::Work work = settings_.feed->take(wanted, now);
  const std::uint64_t done = std::min(work.completed_elsewhere, progress_.counts.pending);
  progress_.counts.completed += done;
  progress_.counts.pending -= done;
  for (auto& [index, found] : work.left) {
    recorder_.learn(index, std::move(found.earlier), found.is_own);
  }
  if (!work.ranges.empty()) send(scheduler_.on_more(work.ranges));
}

void Coordinator::show_progress(Clock::time_point now, bool last) {
  next_progress_ = now + std::chrono::duration_cast<Clock::duration>(settings_.progress_interval);
  if (!settings_.on_progress) return;
  Progress shown = progress_;
  shown.warning = recorder_.journal_warning();
  if (shown.warning.empty()) shown.warning = save_error_;
  if (shown.warning.empty() && settings_.attempts != nullptr) {
    shown.warning = settings_.attempts->why();
  }
  shown.elapsed = now - began_;
  shown.counts.running = last ? 0 : running(now).size();
  shown.counts.pending -= std::min(shown.counts.pending, shown.counts.running);
  settings_.on_progress(shown);
  progress_.events.clear();
}

}  // namespace malet::sweep
