#include <algorithm>
#include <thread>
#include <utility>

#include "exec/process/signals.hpp"
#include "sweep/job/coordinator.hpp"

// What a coordinator does so that nothing is lost: snapshots, and notes of what runs.
namespace malet::sweep {

namespace {

using std::chrono::milliseconds;

// A snapshot that takes longer is left to the next job when a launcher is about to kill this one:
// everything is in the journals.
constexpr milliseconds urgent_save(200);
// How soon the journals say what runs.
constexpr milliseconds note_interval(200);
constexpr std::uint64_t large_log = 1'000'000'000;
// A last snapshot that failed is tried again after this.
constexpr milliseconds save_again(500);

}  // namespace

Coordinator::Result Coordinator::finish() {
  recorder_.flush();
  note_interrupted();
  save_last();
  save_error_.clear();
  if (settings_.feed != nullptr) settings_.feed->leave();
  show_progress(Clock::now(), true);
  Result result;
  result.counts = final_counts();
  result.stopped = progress_.counts.pending > 0;
  result.by_order = stopped_for_.has_value();
  result.halted = drained_for_ == DrainCause::failures;
  result.gated = drained_for_ == DrainCause::no_time;
  result.retired = retired_;
  result.abandoned = result.by_order && scheduler_.has_workers();
  return result;
}

/// A disk that is full for a moment must not cost the results, so this is tried again for a while.
void Coordinator::save_last() {
  const auto begun = Clock::now();
  if (is_urgent() && pace_.cost() > urgent_save) return recorder_.abandon_saving();
  for (;;) {
    try {
      recorder_.snapshot(running(Clock::now()), 'F');
      return recorder_.close_journals();
    } catch (const Error& error) {
      const bool hopeless = error.kind() == ErrorKind::refused;
      if (hopeless || Clock::now() - begun >= patience()) throw;
      save_error_ = error.what();
    }
    show_progress(Clock::now(), true);
    std::this_thread::sleep_for(save_again);
  }
}

bool Coordinator::is_urgent() {
  const auto pace = stop_.pace(Clock::now(), exec::SignalWatch::first());
  return pace == StopPolicy::Pace::urgent;
}

/// For how long the last snapshot may be tried again: less when the job's time is over.
std::chrono::milliseconds Coordinator::patience() {
  if (is_urgent()) return {};
  const auto pace = stop_.pace(Clock::now(), exec::SignalWatch::first());
  return std::chrono::seconds(pace == StopPolicy::Pace::graceful ? 1 : 30);
}

void Coordinator::rescue() noexcept {
  try {
    recorder_.flush();
    note_interrupted();
    recorder_.snapshot(running(Clock::now()), 'F');
    recorder_.close_journals();
  } catch (...) {
    // The error that ended the job is the one to tell, and what came is in the journals.
  }
}

/// The runs that did not return: their rows cannot say why they failed.
void Coordinator::note_interrupted() {
  if (settings_.attempts == nullptr) return;
  const bool is_cancelled = stopped_for_ == StopCause::cancelled;
  for (const auto& [index, duration] : running(Clock::now())) {
    RunRecord record;
    record.index = index;
    record.end = RunEnd::interrupted;
    record.at = base::now();
    const Earlier* earlier = recorder_.earlier(index);
    record.attempt.emplace();
    record.attempt->number = 1 + (earlier == nullptr ? 0 : earlier->attempts);
    record.attempt->started = record.at - duration;
    record.attempt->reason = is_cancelled ? EndReason::cancelled : EndReason::deadline;
    settings_.attempts->add({}, record);
  }
  // Before any row: that alone does not tell interrupted runs from failed ones.
  settings_.attempts->flush();
}

/// Whoever reads the log is to see what runs, and a killed job's journal what ran.
void Coordinator::note_running(Clock::time_point now) {
  if (now < next_note_) return;
  next_note_ = now + note_interval;
  recorder_.note_running(running(now));
}

void Coordinator::save_if_due(Clock::time_point now) {
  note_saved(now);
  if (phase_ >= Phase::stopping || recorder_.is_saving() || !pace_.is_due(now)) return;
  pace_.begin();
  recorder_.begin_snapshot(running(now));
}

/// A full disk may be emptied by somebody; the results are still here.
void Coordinator::note_saved(Clock::time_point now) {
  const auto saved = recorder_.end_snapshot();
  if (!saved) return;
  save_error_ = saved->error;
  pace_.end(now, saved->cost, !saved->error.empty());
  if (saved->bytes > large_log && !std::exchange(said_large_, true)) {
    progress_.events.emplace_back(
        "the log is larger than 1 GB, and all of it is written again and again: long series belong "
        "into HDF5 (--series hdf5)");
  }
  if (saved->error.empty()) stop_.set_save_cost(saved->cost);
}

}  // namespace malet::sweep
