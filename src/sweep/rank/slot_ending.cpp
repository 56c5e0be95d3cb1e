#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <utility>

#include "base/text/number_text.hpp"
#include "exec/process/memory.hpp"
#include "sweep/rank/run_end.hpp"
#include "sweep/rank/slot.hpp"

// How a slot handles the end of a run, and a process that died without a run.
namespace malet::sweep {

namespace {

using std::chrono::milliseconds;

/// The memory of shorter runs is not measured: that would cost more than the run.
constexpr milliseconds short_run(10);
constexpr int most_deaths = 5;
constexpr milliseconds pause_after_death(200);
constexpr std::size_t error_output_size = 2048;

/// The last line with a letter or digit: many programs end with a line of dashes.
std::string last_line(std::string_view text) {
  const auto says_something = [](unsigned char c) { return c >= 0x80 || std::isalnum(c) != 0; };
  while (!text.empty()) {
    const std::size_t end = text.find_last_of("\n\r");
    const std::string_view line = text.substr(end == std::string_view::npos ? 0 : end + 1);
    if (std::any_of(line.begin(), line.end(), says_something)) return std::string(line);
    text = text.substr(0, end == std::string_view::npos ? 0 : end);
  }
  return {};
}

std::string limit_text(EndCause cause, const RunLimits& limits) {
  if (cause == EndCause::memory) return base::bytes_text(limits.memory().value_or(0));
  return fmt::format("{:.3g} s", std::chrono::duration<double>(limits.timeout()).count());
}

}  // namespace

void Slot::take_ending(exec::RunEnding&& ending, Clock::time_point now) {
  if (!current_) return count_death(ending, now);
  if (limits_.cause() == EndCause::none && held_.hold(ending, now)) return;
  settle_ending(std::move(ending), now);
}

void Slot::settle_ending(exec::RunEnding&& ending, Clock::time_point now) {
  finish_run(std::move(ending), now);
  ++runs_of_host_;
  if (ending.how == exec::RunEnding::How::unable) {
    if (settings_.counts_unable) count_death(ending, now);
    return;
  }
  deaths_ = 0;
  const bool served = settings_.runs_per_host > 0 && runs_of_host_ >= settings_.runs_per_host;
  // The process may never free the memory that a run took beyond its limit.
  if (served || limits_.cause() == EndCause::memory) runner_->end();
}

/// Counts hosts that die before they run anything, and commands that cannot be started. Retires the
/// slot after five in a row.
void Slot::count_death(const exec::RunEnding& ending, Clock::time_point now) {
  if (runs_of_host_ > 0 && ending.how != exec::RunEnding::How::unable) return;
  ++deaths_;
  if (deaths_ < most_deaths) {
    if (is_down()) start_at_ = now + pause_after_death * deaths_;
    return;
  }
  retired_ = true;
  const std::string output = output_->error_tail(error_output_size);
  VerdictFacts facts;
  facts.last_line = last_line(output);
  return_queue();
  outbox_.send();
  channel_->send(0, encode_retired(judge(ending, facts).error));
}

void Slot::finish_run(exec::RunEnding&& ending, Clock::time_point now) {
  see_metrics(ending.metrics);
  const bool overlong = is_overlong(now);
  const RunRecord record = make_record(std::move(ending), now);
  settle_output(record.end == RunEnd::failed);
  current_.reset();
  outbox_.add(record, now);
  if (overlong && settings_.gives_back) return_queue();
  if (queue_.empty() || overlong || outbox_.is_due(now)) outbox_.send();
}

RunRecord Slot::make_record(exec::RunEnding&& ending, Clock::time_point now) {
  const Current& run = *current_;
  if (now - run.started > short_run && runner_->group() > 0) {
    ending.peak_memory = exec::peak_memory(runner_->group());
    peak_is_old_ = true;
  }
  (void)limits_.check_memory(ending.peak_memory, now);
  Attempt attempt;
  attempt.error_output = output_->error_tail(error_output_size);
  VerdictFacts facts;
  facts.cause = limits_.cause();
  facts.kernel_was_short =
      ending.how == exec::RunEnding::How::killed && exec::oom_kills() > kernel_kills_;
  facts.limit = limit_text(facts.cause, limits_);
  facts.last_line = last_line(attempt.error_output);
  Verdict verdict = judge(ending, facts);
  if (verdict.end == RunEnd::complete && !run.missing.empty()) {
    verdict = {RunEnd::failed, EndReason::error,
               fmt::format("reported no '{}', which --metrics asks for", *run.missing.begin())};
  }
  attempt.number = static_cast<std::uint64_t>(run.order.attempt);
  attempt.pid = ending.pid;
  attempt.started = run.started_at;
  attempt.reason = verdict.reason;
  const bool left = ending.how == exec::RunEnding::How::done && runner_->group() == 0;
  if (left || ending.how == exec::RunEnding::How::exited) attempt.exit_code = ending.code;
  if (ending.how == exec::RunEnding::How::killed) attempt.signal = ending.code;
  attempt.peak_memory = ending.peak_memory;
  attempt.cpu_seconds = ending.cpu_seconds;
  attempt.traceback = std::move(ending.traceback);
  RunRecord record;
  record.index = run.index;
  record.keeps_series = ending.keep;
  record.end = verdict.end;
  record.at = base::now();
  record.duration = std::chrono::duration_cast<Micros>(now - run.started);
  record.metrics = std::move(ending.metrics);
  record.error = std::move(verdict.error);
  record.attempt = std::move(attempt);
  return record;
}

void Slot::settle_output(bool failed) {
  const bool keep = settings_.keep_output == KeepOutput::all ||
                    (failed && settings_.keep_output == KeepOutput::failed);
  try {
    if (keep) output_->keep(current_->order.dir);
  } catch (const std::exception&) {
    // The run is not lost for this. The attempt has the end of its stderr.
  }
  output_->clear();
}

}  // namespace malet::sweep
