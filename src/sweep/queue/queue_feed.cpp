#include "sweep/queue/queue_feed.hpp"

#include <algorithm>
#include <utility>

#include "sweep/schedule/shuffle.hpp"

namespace malet::sweep {

namespace {

// Asking takes system calls, and a message must not wait for thousands of them.
constexpr std::size_t most_asked = 64;
// How often the chunks that others hold are looked at when nothing else is left.
constexpr std::chrono::milliseconds first_interval(100);
constexpr std::chrono::milliseconds longest_interval(5000);
// How often claims of ours are looked at.
constexpr std::chrono::seconds keep_interval(2);

std::uint64_t count_of(const std::vector<IndexRange>& ranges) {
  std::uint64_t count = 0;
  for (const IndexRange& range : ranges) count += range.count;
  return count;
}

bool is_failed(const Findings::Row& row) {
  return row.standing == Standing::failed;
}

/// Whether a config is run, if at all, only among the failed ones.
bool is_settled(const Findings::Row& row) {
  return row.standing == Standing::complete || row.standing == Standing::failed;
}

}  // namespace

QueueFeed::QueueFeed(Settings settings, Findings known, Claims& claims, ReadLogs read_logs)
    : settings_(std::move(settings)),
      claims_(claims),
      read_logs_(std::move(read_logs)),
      scope_(settings_.configs, settings_.chunks),
      known_(std::move(known)),
      look_interval_(first_interval) {
  list_chunks();
}

void QueueFeed::list_chunks() {
  const std::uint64_t count = settings_.chunks.count();
  for (std::uint64_t turn = 0; turn < count; ++turn) {
    const std::uint64_t chunk = settings_.shuffled ? shuffled_position(turn, count) : turn;
    const auto rows = rows_in(chunk);
    const auto settled = std::count_if(rows.begin(), rows.end(), is_settled);
    if (scope_.count_in(chunk) > static_cast<std::uint64_t>(settled)) fresh_.push_back(chunk);
    if (std::any_of(rows.begin(), rows.end(), is_failed)) list_failed(chunk);
  }
  if (settings_.expected) order_longest_first();
}

void QueueFeed::order_longest_first() {
  std::vector<std::pair<double, std::uint64_t>> timed;
  for (const std::uint64_t chunk : fresh_) {
    double longest = 0;
    const ConfigIter configs = scope_.configs_in(chunk);
    for (std::uint64_t at = 0; at < configs.size(); ++at) {
      longest = std::max(longest, settings_.expected(configs.index(at)));
    }
    timed.emplace_back(longest, chunk);
  }
  std::stable_sort(timed.begin(), timed.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::transform(timed.begin(), timed.end(), fresh_.begin(),
                 [](const auto& chunk) { return chunk.second; });
}

/// Adds a chunk to those with failed configs, once.
void QueueFeed::list_failed(std::uint64_t chunk) {
  if (settings_.rerun_failed && listed_failed_.insert(chunk).second) failed_.push_back(chunk);
}

/// The known states of the job's configs in a chunk.
std::vector<Findings::Row> QueueFeed::rows_in(std::uint64_t chunk) const {
  auto rows = known_.between(settings_.chunks.begin(chunk), settings_.chunks.end(chunk));
  std::erase_if(rows, [&](const auto& row) { return !settings_.configs.holds(row.index); });
  return rows;
}

std::optional<QueueFeed::Wish> QueueFeed::next_wish(Clock::time_point now) {
  if (fresh_asked_ < fresh_.size()) return Wish{fresh_[fresh_asked_++], false};
  if (looking_.empty() && !elsewhere_.empty() && now >= next_look_) {
    looking_.assign(elsewhere_.begin(), elsewhere_.end());
    std::sort(looking_.rbegin(), looking_.rend());
    next_look_ = now + look_interval_;
    look_interval_ = std::min<Clock::duration>(2 * look_interval_, longest_interval);
  }
  if (!looking_.empty()) {
    const std::uint64_t chunk = looking_.back();
    looking_.pop_back();
    elsewhere_.erase(chunk);
    return Wish{chunk, false};
  }
  if (failed_.empty()) return std::nullopt;
  const std::uint64_t chunk = failed_.front();
  failed_.pop_front();
  return Wish{chunk, true};
}

std::vector<QueueFeed::Claimed> QueueFeed::claim_more(std::uint64_t wanted, Clock::time_point now) {
  std::vector<Claimed> claimed;
  std::uint64_t expected = 0;
  for (std::size_t asked = 0; asked < most_asked && expected < wanted; ++asked) {
    const auto wish = next_wish(now);
    if (!wish) break;
    if (own_.contains(wish->chunk)) {  // failed ones of a chunk that we are still at
      failed_.push_back(wish->chunk);
      continue;
    }
    Claims::Answer answer = claims_.claim(wish->chunk, wish->with_failed);
    if (answer.kind == Claims::Answer::Kind::ours) {
      expected += scope_.count_in(wish->chunk);
      claimed.push_back({*wish, std::move(answer)});
    } else {
      note_refusal(*wish, answer);
    }
  }
  return claimed;
}

/// Has a chunk claimed again later, and its failed configs listed again once it is done.
void QueueFeed::put_off(const Wish& wish) {
  elsewhere_.insert(wish.chunk);
  if (wish.with_failed) listed_failed_.erase(wish.chunk);
}

void QueueFeed::note_refusal(const Wish& wish, const Claims::Answer& answer) {
  if (answer.kind == Claims::Answer::Kind::held) return put_off(wish);
  look_interval_ = first_interval;
  note_done(wish.chunk, answer.failed);
}

/// Notes that others have run all of a chunk.
void QueueFeed::note_done(std::uint64_t chunk, std::uint64_t failed) {
  if (failed > 0) list_failed(chunk);
  if (settings_.may_repeat) return;  // which of its configs count is not known
  const auto rows = rows_in(chunk);
  const auto known = std::count_if(rows.begin(), rows.end(), [](const Findings::Row& row) {
    return row.standing == Standing::complete;
  });
  const std::uint64_t old = static_cast<std::uint64_t>(known) + failed;
  const std::uint64_t done = scope_.count_in(chunk) - std::min(old, scope_.count_in(chunk));
  std::uint64_t& told = told_done_[chunk];
  completed_elsewhere_ += done - std::min(told, done);
  told = std::max(told, done);
}

/// Reads the logs of the jobs that had these chunks before; false when they cannot be read now.
bool QueueFeed::read_again(const std::vector<Claimed>& claimed) {
  std::vector<std::string> jobs;
  bool all = false;
  for (const Claimed& chunk : claimed) {
    jobs.insert(jobs.end(), chunk.answer.jobs.begin(), chunk.answer.jobs.end());
    all = all || chunk.answer.is_unknown;
  }
  std::sort(jobs.begin(), jobs.end());
  jobs.erase(std::unique(jobs.begin(), jobs.end()), jobs.end());
  const auto read = [&] {
    const auto found = read_logs_(jobs, all);
    for (const Claimed& chunk : claimed) {
      const std::uint64_t number = chunk.wish.chunk;
      if (!found) break;
      completed_elsewhere_ +=
          known_.learn(*found, settings_.chunks.begin(number), settings_.chunks.end(number));
    }
    return found != nullptr;
  };
  if ((!jobs.empty() || all) && !read()) return false;
  // Something of a chunk that is ours runs elsewhere: its claim was removed, or replaced.
  all = !all && std::any_of(claimed.begin(), claimed.end(),
                            [this](const Claimed& chunk) { return has_running(chunk.wish.chunk); });
  return !all || read();
}

bool QueueFeed::has_running(std::uint64_t chunk) const {
  const auto rows = rows_in(chunk);
  return std::any_of(rows.begin(), rows.end(),
                     [](const Findings::Row& row) { return row.standing == Standing::running; });
}

/// Works out what to run of a chunk that is ours.
QueueFeed::Plan QueueFeed::plan(const Wish& wish) const {
  Plan plan;
  WorkList::Known known;
  known.expected = settings_.expected;
  for (const auto& [index, standing] : rows_in(wish.chunk)) {
    known.seen.push_back(index);
    if (standing == Standing::interrupted) known.interrupted.push_back(index);
    if (standing == Standing::running) plan.own.is_elsewhere = true;
    if (standing != Standing::failed) continue;
    const bool is_others = !failed_here_.contains(index);
    if (wish.with_failed && is_others) {
      known.failed.push_back(index);
    } else {
      plan.has_others_failures = plan.has_others_failures || is_others;
      ++plan.own.failed;
    }
  }
  WorkList list(scope_.configs_in(wish.chunk), std::move(known), settings_.may_repeat,
                settings_.shuffled);
  plan.ranges = list.take(list.remaining());
  plan.own.left = count_of(plan.ranges);
  plan.own.is_incomplete = plan.own.is_elsewhere || !scope_.has_all_of(wish.chunk);
  return plan;
}

void QueueFeed::begin(const Wish& wish, Work& work) {
  Plan planned = plan(wish);
  if (planned.has_others_failures) list_failed(wish.chunk);
  for (const IndexRange& range : planned.ranges) {
    for (std::uint64_t i = 0; known_.has_left() && i < range.count; ++i) {
      const std::uint64_t index = range.first + i * range.step;
      if (auto left = known_.take_left(index)) work.left.emplace_back(index, std::move(*left));
    }
    work.ranges.push_back(range);
  }
  if (planned.own.left == 0) return end(wish.chunk, planned.own);
  own_.emplace(wish.chunk, std::move(planned.own));
}

QueueFeed::Work QueueFeed::take(std::uint64_t wanted, Clock::time_point now) {
  const auto claimed = claim_more(wanted, now);
  const bool is_known = read_again(claimed);
  Work work;
  for (const auto& [wish, answer] : claimed) {
    const bool was_had = !answer.jobs.empty() || answer.is_unknown;
    if (!is_known && was_had) {
      claims_.give_back(wish.chunk);
      put_off(wish);
    } else if (was_had && !claims_.is_ours(wish.chunk)) {
      // Two may have taken over the same one where locks reach one machine only.
      put_off(wish);
    } else {
      begin(wish, work);
    }
  }
  if (!work.ranges.empty()) {
    idle_since_.reset();
    look_interval_ = first_interval;
  }
  work.completed_elsewhere = std::exchange(completed_elsewhere_, 0);
  return work;
}

void QueueFeed::on_end(std::uint64_t index, RunEnd end) {
  const auto found = own_.find(settings_.chunks.of(index));
  if (found == own_.end()) return;
  Own& own = found->second;
  if (end == RunEnd::complete) append_index(own.ended, index);
  if (end == RunEnd::interrupted) own.is_incomplete = true;
  if (end == RunEnd::failed) {
    ++own.failed;
    failed_here_.insert(index);
    known_.set(index, Standing::failed);
  }
  if (--own.left == 0) ended_.push_back({found->first, Clock::time_point::max()});
}

void QueueFeed::settle(Clock::time_point now, Clock::time_point on_disk) {
  for (Ended& ended : ended_) ended.at = std::min(ended.at, now);
  end_all(on_disk);
  if (now < next_keep_) return;
  next_keep_ = now + keep_interval;
  for (const auto& [chunk, own] : own_) claims_.keep(chunk);
}

void QueueFeed::end_all(Clock::time_point on_disk) {
  std::vector<Ended> later;
  for (const Ended& ended : std::exchange(ended_, {})) {
    if (ended.at > on_disk) {
      later.push_back(ended);
      continue;
    }
    const auto own = own_.extract(ended.chunk);
    end(ended.chunk, own.mapped());
  }
  ended_ = std::move(later);
}

/// Gives up a chunk with nothing left to do here.
void QueueFeed::end(std::uint64_t chunk, const Own& own) {
  if (own.failed > 0 || own.is_incomplete) {
    for (const IndexRange& range : own.ended) {
      for (std::uint64_t i = 0; i < range.count; ++i) {
        known_.set(range.first + i * range.step, Standing::complete);
      }
    }
  }
  if (own.is_elsewhere) elsewhere_.insert(chunk);
  if (own.is_incomplete) {
    claims_.give_back(chunk);
  } else {
    claims_.finish(chunk, own.failed);
  }
}

void QueueFeed::leave() {
  end_all(Clock::time_point::max());
  for (const auto& [chunk, own] : std::exchange(own_, {})) claims_.give_back(chunk);
}

bool QueueFeed::has_more() const {
  return fresh_asked_ < fresh_.size() || !elsewhere_.empty() || !failed_.empty() ||
         !looking_.empty();
}

bool QueueFeed::is_over(Clock::time_point now) {
  // What has ended and is not on disk yet keeps no job.
  const bool has_own = own_.size() > ended_.size();
  if (has_own || fresh_asked_ < fresh_.size() || !failed_.empty()) return false;
  if (elsewhere_.empty() && looking_.empty()) return true;
  if (!idle_since_) idle_since_ = now;
  return now - *idle_since_ > settings_.patience;
}

std::vector<std::string> QueueFeed::take_warnings() {
  return claims_.take_warnings();
}

}  // namespace malet::sweep
