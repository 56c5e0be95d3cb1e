#include "sweep/rank/slot.hpp"

#include <utility>

#include "base/files/paths.hpp"
#include "exec/process/memory.hpp"

namespace malet::sweep {

namespace {

using exec::Runner;
using std::chrono::milliseconds;

/// Runs in chunks should last 10 ms at most. Beyond this the estimate was wrong.
constexpr milliseconds overlong_run(50);
constexpr milliseconds memory_interval(100);
constexpr std::chrono::seconds group_memory_interval(1);
constexpr std::chrono::seconds kernel_interval(1);

}  // namespace

Slot::Slot(std::unique_ptr<Channel> channel, ConfigIter configs, SlotSettings settings,
           std::unique_ptr<exec::SlotOutput> output, std::unique_ptr<exec::Runner> runner)
    : channel_(std::move(channel)),
      configs_(std::move(configs)),
      settings_(std::move(settings)),
      output_(std::move(output)),
      runner_(std::move(runner)),
      outbox_(*channel_),
      limits_(settings_.limits) {}

void Slot::take_message(const std::string& message) {
  switch (kind_of(message)) {
    case MessageKind::assign:
      queue_.add(decode_ranges(message));
      // Rank 0 may not know yet that this slot has retired.
      if (retired_) return_queue();
      return;
    case MessageKind::resume:
      return queue_.add_earlier(decode_resume(message));
    case MessageKind::stop: {
      const StopMessage told = decode_stop(message);
      return stop(told.cause, Clock::now(), told.grace);
    }
    case MessageKind::drain:
      return return_queue();
    case MessageKind::limit:
      return limits_.set_timeout(decode_limit(message));
    case MessageKind::leave:
      leave_ = decode_leave(message);
      (void)queue_.take_all();
      return;
    default:
      throw Error(ErrorKind::internal, "a slot got a message that is not for slots");
  }
}

void Slot::stop(StopCause cause, Clock::time_point now, Micros grace) {
  limits_.stop(cause, now, grace);
  return_queue();
}

bool Slot::turn(Clock::time_point now, bool look) {
  bool acted = (look || runner_->has_news()) && look_at_runner(now);
  if (auto ending = held_.release(limits_.cause() != EndCause::none, now)) {
    settle_ending(std::move(*ending), now);
    acted = true;
  }
  if (current_) {
    check_limits(now);
  } else {
    acted = start_next(now) || acted;
  }
  if (outbox_.is_due(now) || (!current_ && queue_.empty())) outbox_.send();
  return acted;
}

bool Slot::look_at_runner(Clock::time_point now) {
  bool acted = false;
  auto ending = runner_->turn([&](exec::RunReportLine&& line) {
    take_report(std::move(line));
    acted = true;
  });
  if (!ending) return acted;
  take_ending(std::move(*ending), now);
  return true;
}

std::optional<Slot::Clock::time_point> Slot::next_turn() const {
  std::optional<Clock::time_point> next = start_at_;
  const auto consider = [&next](std::optional<Clock::time_point> at) {
    if (at && (!next || *at < *next)) next = at;
  };
  if (!current_) return next;
  consider(limits_.next());
  consider(held_.until());
  if (limits_.memory()) consider(next_memory_);
  return next;
}

/// Takes a step towards the next run; false if there is none to take.
bool Slot::start_next(Clock::time_point now) {
  if (retired_ || leave_) {
    if (runner_->state() == Runner::State::idle) runner_->end();
    return false;
  }
  if (limits_.stopping()) {
    if (std::exchange(said_stopped_, true)) return false;
    outbox_.send();
    channel_->send(0, encode(MessageKind::stopped));
    return true;
  }
  switch (runner_->state()) {
    case Runner::State::down:
      if (start_at_ && now < *start_at_) return false;
      start_at_.reset();
      runs_of_host_ = 0;
      peak_is_old_ = false;
      runner_->start();
      return true;
    case Runner::State::idle:
      if (!std::exchange(said_ready_, true)) channel_->send(0, encode(MessageKind::ready));
      if (queue_.empty()) return false;
      begin_run(now);
      return true;
    case Runner::State::starting:
    case Runner::State::busy:
    case Runner::State::ending:
      break;
  }
  return false;
}

void Slot::begin_run(Clock::time_point now) {
  Current& run = current_.emplace();
  run.index = queue_.next();
  run.order.config = configs_.config(run.index);
  run.order.run_id = run.order.config.run_id();
  run.order.dir = base::paths::run(settings_.folder, run.order.run_id).string();
  ResumeMessage earlier = queue_.take_earlier(run.index);
  run.order.attempt = static_cast<int>(earlier.attempts) + 1;
  run.order.resume = std::move(earlier.metrics);
  run.order.info = std::move(earlier.info);
  run.missing.insert(settings_.required.begin(), settings_.required.end());
  run.started = now;
  run.started_at = base::now();
  if (limits_.memory()) {
    next_memory_ = now;
    next_group_memory_ = now + group_memory_interval;
  }
  if (std::exchange(peak_is_old_, false)) exec::reset_peak(runner_->group());
  if (now - kernel_looked_ > kernel_interval) {
    kernel_looked_ = now;
    kernel_kills_ = exec::oom_kills();
  }
  // Finished results must not wait for a run that may last hours.
  if (outbox_.is_due(now)) outbox_.send();
  limits_.begin(now);
  runner_->begin(run.order);
}

void Slot::see_metrics(const Metrics& metrics) {
  if (current_->missing.empty()) return;
  for (const auto& [name, value] : metrics) current_->missing.erase(name);
}

void Slot::take_report(exec::RunReportLine&& report) {
  const auto now = Clock::now();
  RunRecord record;
  record.is_step = true;
  record.index = current_->index;
  record.keeps_series = report.keep;
  for (Metrics* metrics : {&report.set, &report.metrics}) {
    if (metrics->empty()) continue;
    see_metrics(*metrics);
    record.replaces = metrics == &report.set;
    record.metrics = std::move(*metrics);
    outbox_.add(record, now);
  }
  if (is_overlong(now)) outbox_.send();
}

bool Slot::is_overlong(Clock::time_point now) const {
  return now - current_->started > overlong_run;
}

void Slot::check_limits(Clock::time_point now) {
  act(limits_.check(now));
  if (limits_.memory() && now >= next_memory_) act(limits_.check_memory(measure_memory(now), now));
  if (settings_.gives_back && is_overlong(now)) return_queue();
  if (is_overlong(now)) outbox_.send();
}

void Slot::act(RunLimits::Action action) {
  if (action == RunLimits::Action::kill) runner_->kill();
  if (action != RunLimits::Action::ask) return;
  const EndCause cause = limits_.cause();
  runner_->ask_to_stop(cause == EndCause::timeout    ? "timeout"
                       : cause == EndCause::deadline ? "deadline"
                                                     : "cancelled");
}

/// Measures the process often, but its group rarely, since that reads all of /proc.
std::uint64_t Slot::measure_memory(Clock::time_point now) {
  next_memory_ = now + memory_interval;
  if (now < next_group_memory_) return exec::process_memory(runner_->group());
  next_group_memory_ = now + group_memory_interval;
  return exec::group_memory(runner_->group());
}

void Slot::dismiss() {
  retired_ = true;
  if (current_) {
    runner_->kill();
  } else {
    runner_->end();
  }
}

void Slot::return_queue() {
  if (queue_.empty()) return;
  outbox_.send();  // rank 0 needs ends and returns in order
  channel_->send(0, encode_ranges(MessageKind::returned, queue_.take_all()));
}

}  // namespace malet::sweep
