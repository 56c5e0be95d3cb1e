#include <algorithm>
#include <utility>

#include "sweep/job/coordinator.hpp"

// What a coordinator does where its work comes piece by piece, shared with other jobs.
namespace malet::sweep {

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
  if (settings_.feed == nullptr || stopping_ || draining_) return;
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

}  // namespace malet::sweep
