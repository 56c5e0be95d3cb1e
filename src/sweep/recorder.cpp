#include "sweep/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace malet::sweep {

namespace {

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

Recorder::Recorder(std::vector<LogWriter> logs, std::unordered_map<std::uint64_t, Earlier> earlier)
    : logs_(std::move(logs)), earlier_(std::move(earlier)) {}

const Metrics* Recorder::earlier_metrics(std::uint64_t index) const {
  const auto found = earlier_.find(index);
  return found == earlier_.end() || found->second.metrics.empty() ? nullptr
                                                                  : &found->second.metrics;
}

Metrics Recorder::kept_of(std::uint64_t index) const {
  const Metrics* kept = earlier_metrics(index);
  return kept == nullptr ? Metrics() : *kept;
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
    if (std::find(accepted_.begin(), accepted_.end(), metric.first) != accepted_.end())
      return false;
    if (!log_of(record.index).accepts(metric.first)) return true;
    accepted_.push_back(metric.first);
    return false;
  };
  const auto refused = std::find_if(record.metrics.begin(), record.metrics.end(), is_refused);
  if (refused == record.metrics.end()) return;
  if (!record.is_step && record.end != RunEnd::failed) {
    record.end = RunEnd::failed;
    record.error =
        fmt::format("metric '{}' has the name of a config field or info column", refused->first);
  }
  std::erase_if(record.metrics, is_refused);
}

void Recorder::take_step(const RunRecord& record) {
  const auto [live, is_new] = live_.try_emplace(record.index);
  if (is_new && record.keeps_series) live->second = kept_of(record.index);
  append_step(live->second, record.metrics);
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
  if (const auto before = earlier_.find(record.index); before != earlier_.end()) {
    row.duration += before->second.duration;
    earlier_.erase(before);
  }
  log_of(record.index).put(record.index, row);
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
