#include "sweep/rank/worker.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "exec/process/signals.hpp"
#include "sweep/channel/bytes.hpp"

namespace malet::sweep {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

// Looking into the channel takes as long as a short run, so it is not done after every run.
constexpr microseconds look_interval(500);
constexpr milliseconds idle_wait(100);

/// Runs in chunks should last 10 ms at most. Beyond this the estimate was wrong.
constexpr milliseconds long_run(50);

/// Fails a run with metrics so deep that no log with them could be read.
void reject_deep(const Metrics& metrics) {
  for (const auto& [name, value] : metrics) {
    if (!is_deeper(value, deepest_value)) continue;
    reject("metric '{}' is nested deeper than {} levels", name, deepest_value);
  }
}

}  // namespace

Worker::Worker(Channel& channel, ConfigIter configs, ExpFunction function,
               std::filesystem::path folder, bool gives_back)
    : channel_(channel),
      configs_(std::move(configs)),
      function_(std::move(function)),
      folder_(std::move(folder)),
      gives_back_(gives_back),
      outbox_(channel) {}

ExitCode Worker::work() {
  channel_.send(0, encode(MessageKind::ready));
  while (!leave_) {
    look_for_messages();
    stopping_ = stopping_ || exec::SignalWatch::first();
    if (stopping_) return_queue();
    if (!queue_.empty()) {
      run_next();
      continue;
    }
    outbox_.send();
    if (stopping_ && !std::exchange(said_stopped_, true)) {
      channel_.send(0, encode(MessageKind::stopped));
    }
    if (!leave_) channel_.wait(idle_wait);
  }
  return *leave_;
}

void Worker::look_for_messages() {
  const bool idle = queue_.empty();
  const auto now = Clock::now();
  if (!idle && now - looked_ < look_interval) return;
  looked_ = now;
  while (const auto envelope = channel_.try_receive()) take_message(envelope->message);
}

void Worker::take_message(const std::string& message) {
  switch (kind_of(message)) {
    case MessageKind::assign:
      queue_.add(decode_ranges(message));
      return;
    case MessageKind::resume:
      queue_.add_earlier(decode_resume(message));
      return;
    case MessageKind::stop:
      stopping_ = true;
      return;
    case MessageKind::drain:
      return_queue();
      return;
    case MessageKind::limit:
      return;  // nobody can end a function inside the rank
    case MessageKind::leave:
      leave_ = decode_leave(message);
      (void)queue_.take_all();
      return;
    default:
      throw Error(ErrorKind::internal, "a worker got a message that is not for workers");
  }
}

void Worker::run_next() {
  index_ = queue_.next();
  config_ = configs_.config(index_);
  keeps_series_ = false;
  told_to_stop_ = false;
  left_ = queue_.take_earlier(index_).metrics;
  started_ = Clock::now();
  // Finished results must not wait for a run that may last hours.
  if (outbox_.is_due(started_)) outbox_.send();
  RunRecord record;
  call_function(record);
  finish_run(record, Clock::now());
}

void Worker::call_function(RunRecord& record) {
  Run run(*this);
  try {
    Metrics metrics = function_(config_, run);
    reject_deep(metrics);
    record.metrics = std::move(metrics);
    record.end = RunEnd::complete;
  } catch (...) {
    record.end = RunEnd::failed;
    record.error = exec::failure_text();
  }
  if (told_to_stop_) record.end = RunEnd::interrupted;
}

void Worker::finish_run(RunRecord& record, Clock::time_point ended) {
  record.index = index_;
  record.keeps_series = keeps_series_;
  record.at = base::now();
  record.duration = std::chrono::duration_cast<Micros>(ended - started_);
  outbox_.add(record, ended);
  const bool overlong = ended - started_ > long_run;
  if (overlong && gives_back_) return_queue();
  if (queue_.empty() || overlong || outbox_.is_due(ended)) outbox_.send();
}

void Worker::return_queue() {
  if (queue_.empty()) return;
  outbox_.send();  // rank 0 needs ends and returns in order
  channel_.send(0, encode_ranges(MessageKind::returned, queue_.take_all()));
}

void Worker::report(const Metrics& step) {
  reject_deep(step);
  RunRecord record;
  record.is_step = true;
  record.index = index_;
  record.keeps_series = keeps_series_;
  record.metrics = step;
  const auto now = Clock::now();
  outbox_.add(record, now);
  // Steps of a short run can wait for its end; those of a long one are sent at once.
  if (outbox_.is_due(now) || now - started_ > long_run) outbox_.send();
  look_in_run();
}

const Metrics& Worker::resume() {
  keeps_series_ = true;
  return left_;
}

void Worker::look_in_run() {
  look_for_messages();
  if (gives_back_ && Clock::now() - started_ > long_run) return_queue();
}

bool Worker::should_stop() {
  look_in_run();
  const bool stop = stopping_ || leave_ || exec::SignalWatch::first();
  told_to_stop_ = told_to_stop_ || stop;
  return stop;
}

std::filesystem::path Worker::dir() {
  const auto path = base::paths::run(folder_, run_id());
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) {
    throw Error(ErrorKind::internal,
                fmt::format("{}: cannot be made: {}", path.string(), error.message()));
  }
  return path;
}

std::string Worker::run_id() const {
  return config_.run_id();
}

namespace {

std::string next_message(Channel& channel) {
  for (;;) {
    if (auto envelope = channel.try_receive()) return std::move(envelope->message);
    channel.wait(idle_wait);
  }
}

}  // namespace

ExitCode work_as_rank(Channel& channel, const ExpFunction& function) {
  const std::string first = next_message(channel);
  if (kind_of(first) == MessageKind::leave) return decode_leave(first);
  const SetupMessage setup = decode_setup(first);
  return Worker(channel, ConfigIter::from_text(setup.yaml, setup.yaml_name), function, setup.folder,
                setup.gives_back)
      .work();
}

ExitCode wait_for_leave(Channel& channel) {
  for (;;) {
    const std::string message = next_message(channel);
    if (kind_of(message) == MessageKind::leave) return decode_leave(message);
  }
}

}  // namespace malet::sweep
