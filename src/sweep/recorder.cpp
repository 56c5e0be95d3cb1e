#include "sweep/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/column_name.hpp"

namespace malet::sweep {

namespace {

void replace_values(Metrics& there, const Metrics& values) {
  for (const auto& [name, value] : values) there.set(name, value);
}

/// Appends a step's values to the series of their names.
void append_step(Metrics& series, const Metrics& step) {
  for (const auto& [name, value] : step) {
    Value* there = series.find(name);
    if (there == nullptr) {
      series.emplace_back(name, Value(Value::List{}));
      there = &series.back().second;
    } else if (!there->is_list()) {
      *there = Value(Value::List{*there});
    }
    if (value.is_list()) {
      there->list().insert(there->list().end(), value.list().begin(), value.list().end());
    } else {
      there->list().push_back(value);
    }
  }
}

/// An interrupted run stays R, as Malet's rows do when a job is cut: it did not fail, and the next
/// job tells it from those that did.
char status_of(RunEnd end) {
  switch (end) {
    case RunEnd::complete:
      return 'C';
    case RunEnd::failed:
      return 'F';
    case RunEnd::interrupted:
      break;
  }
  return 'R';
}

}  // namespace

Recorder::Recorder(std::vector<LogWriter> logs, std::unordered_map<std::uint64_t, Earlier> earlier,
                   bool retries)
    : logs_(std::move(logs)), earlier_(std::move(earlier)), retries_(retries) {}

const Earlier* Recorder::earlier(std::uint64_t index) const {
  const auto found = earlier_.find(index);
  return found == earlier_.end() ? nullptr : &found->second;
}

Metrics Recorder::kept_of(std::uint64_t index) const {
  const Earlier* kept = earlier(index);
  return kept == nullptr ? Metrics() : kept->metrics;
}

void Recorder::take(RunRecord& record) {
  check_names(record);
  if (record.is_step) {
    take_step(record);
  } else {
    take_end(record);
  }
}

void Recorder::check_names(RunRecord& record) {
  const auto is_refused = [&](const auto& metric) {
    const std::string& name = metric.first;
    if (std::find(accepted_.begin(), accepted_.end(), name) != accepted_.end()) return false;
    const std::string_view refusal = log_of(record.index).refusal(name);
    if (refusal.empty()) {
      accepted_.push_back(name);
      return false;
    }
    refused_.try_emplace(
        record.index, fmt::format("the metric {} {}: rename it", base::quoted_name(name), refusal));
    return true;
  };
  std::erase_if(record.metrics, is_refused);
  if (record.is_step || refused_.empty()) return;
  const auto refused = refused_.find(record.index);
  if (refused == refused_.end()) return;
  if (record.end != RunEnd::failed) {
    record.end = RunEnd::failed;
    record.error = std::move(refused->second);
    if (record.attempt) record.attempt->reason = EndReason::error;
  }
  refused_.erase(refused);
}

void Recorder::take_step(const RunRecord& record) {
  const auto [live, is_new] = live_.try_emplace(record.index);
  if (is_new && record.keeps_series) live->second = kept_of(record.index);
  if (record.replaces) {
    replace_values(live->second, record.metrics);
  } else {
    append_step(live->second, record.metrics);
  }
}

void Recorder::take_end(RunRecord& record) {
  Metrics metrics;
  if (const auto live = live_.find(record.index); live != live_.end()) {
    metrics = std::move(live->second);
    live_.erase(live);
  } else if (record.keeps_series || record.end != RunEnd::complete) {
    // A run that failed before its first step leaves what there was.
    if (!earlier_.empty()) metrics = kept_of(record.index);
  }
  if (metrics.empty()) {
    metrics = std::move(record.metrics);
  } else {
    for (auto& [name, value] : record.metrics) metrics.set(name, std::move(value));
  }
  RowContent row{record.at, record.duration, status_of(record.end), &metrics};
  std::uint64_t attempts = 1;
  if (const auto before = earlier_.find(record.index); before != earlier_.end()) {
    row.duration += before->second.duration;
    attempts += before->second.attempts;
    earlier_.erase(before);
  }
  log_of(record.index).put(record.index, row);
  if (retries_ && record.end == RunEnd::failed) {
    earlier_[record.index] = {std::move(metrics), {}, row.duration, attempts};
  }
}

void Recorder::snapshot(const std::vector<Running>& running, char status) {
  for (const auto& [index, duration] : running) {
    const auto live = live_.find(index);
    const Metrics metrics = live != live_.end() ? live->second : kept_of(index);
    const auto before = earlier_.find(index);
    const Micros until_now = before == earlier_.end() ? Micros(0) : before->second.duration;
    log_of(index).put(index, {base::now(), until_now + duration, status, &metrics});
  }
  for (LogWriter& log : logs_) {
    if (log.changed()) log.snapshot();
  }
}

std::vector<std::filesystem::path> Recorder::log_files() const {
  std::vector<std::filesystem::path> files;
  for (const LogWriter& log : logs_) files.push_back(log.log().logs_file());
  return files;
}

}  // namespace malet::sweep
