#include "sweep/recording/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "record/journal/run_series.hpp"

namespace malet::sweep {

namespace {

/// An interrupted run counts as failed, since nobody runs it any more; its attempt says why.
char status_of(RunEnd end) {
  switch (end) {
    case RunEnd::complete:
      return 'C';
    case RunEnd::failed:
    case RunEnd::interrupted:
      break;
  }
  return 'F';
}

/// The names that only `metrics` has.
std::vector<std::string> names_but(const Metrics& metrics, const Metrics& others) {
  std::vector<std::string> names;
  for (const auto& [name, value] : metrics) {
    if (others.find(name) == nullptr) names.push_back(name);
  }
  return names;
}

}  // namespace

/// A snapshot that another thread writes.
struct Recorder::Saving {
  struct Part {
    std::size_t log;
    LogSnapshot content;
    std::optional<record::FileMark> mark;  // once it is written
    std::string error;
  };
  std::vector<Part> parts;
  std::chrono::steady_clock::duration cost{};

  void write(const std::function<void()>& guard) {
    const auto begun = std::chrono::steady_clock::now();
    for (Part& part : parts) {
      try {
        part.mark = part.content.write(guard);
      } catch (const std::exception& failed) {
        part.error = failed.what();
      }
    }
    cost = std::chrono::steady_clock::now() - begun;
  }
};

Recorder::Recorder(std::vector<LogWriter> logs, std::unordered_map<std::uint64_t, Earlier> earlier,
                   bool retries)
    : logs_(std::move(logs)), earlier_(std::move(earlier)), retries_(retries) {}

const Earlier* Recorder::earlier(std::uint64_t index) const {
  const auto found = earlier_.find(index);
  return found == earlier_.end() ? nullptr : &found->second;
}

Metrics Recorder::earlier_metrics(std::uint64_t index) {
  Metrics metrics = kept_of(index);
  log_of(index).complete_series(index, metrics);
  return metrics;
}

Metrics Recorder::kept_of(std::uint64_t index) const {
  const Earlier* kept = earlier(index);
  return kept == nullptr ? Metrics() : kept->metrics;
}

void Recorder::take(RunRecord& record) {
  // Most steps, where series are kept apart, are numbers of metrics that their run has seen.
  const bool appends = record.is_step && !record.replaces;
  if (appends && log_of(record.index).append_numbers(record.index, record.metrics)) return;
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

void Recorder::take_step(RunRecord& record) {
  LogWriter& log = log_of(record.index);
  const auto [live, is_new] = live_.try_emplace(record.index);
  if (is_new && record.keeps_series) live->second = kept_of(record.index);
  if (is_new) log.note_start(record.index, base::now());
  if (log.keeps_series_apart() && take_numbers(record, log, live->second, is_new)) return;
  using Kind = record::StepRecord::Kind;
  const bool is_fresh = is_new && !record.keeps_series && !log.keeps_series_apart();
  const Kind kind = record.replaces ? Kind::set : is_fresh ? Kind::fresh : Kind::more;
  if (is_new && record.replaces && !record.keeps_series && !log.keeps_series_apart()) {
    log.note_step(record.index, Kind::fresh, {}, {});  // what earlier attempts left is gone
  }
  log.note_step(record.index, kind, live->second, record.metrics);
  if (record.replaces) {
    record::replace_values(live->second, record.metrics);
  } else {
    record::append_step(live->second, record.metrics);
  }
}

/// Hands the numbers of a step on to HDF5; whether nothing else is left of it.
bool Recorder::take_numbers(RunRecord& record, LogWriter& log, Metrics& live, bool is_new) {
  if (is_new) log.begin_series(record.index, record.keeps_series, live);
  if (is_new && !record.keeps_series) {
    log.note_step(record.index, record::StepRecord::Kind::fresh, {}, {});
  }
  log.take_numbers(record.index, record.replaces, live, record.metrics);
  return record.metrics.empty();
}

/// The same for what a run ends with: `metrics` is what it had reported, and takes that in.
void Recorder::end_numbers(RunRecord& record, LogWriter& log, Metrics& metrics) {
  const bool had_none = !log.has_series(record.index);
  const bool goes_on = record.keeps_series || record.end != RunEnd::complete;
  if (had_none) {
    const bool has_list = std::any_of(record.metrics.begin(), record.metrics.end(),
                                      [](const auto& item) { return item.second.is_list(); });
    if (!has_list && earlier(record.index) == nullptr) return;
    log.note_start(record.index, base::now());
    log.begin_series(record.index, goes_on, metrics);
    if (!goes_on) log.note_step(record.index, record::StepRecord::Kind::fresh, {}, {});
  }
  log.take_numbers(record.index, true, metrics, record.metrics);
}

void Recorder::take_end(RunRecord& record) {
  Metrics metrics;
  std::vector<std::string> series;  // what the journal has as steps
  if (const auto live = live_.find(record.index); live != live_.end()) {
    metrics = std::move(live->second);
    live_.erase(live);
    series = names_but(metrics, record.metrics);
  } else if (record.keeps_series || record.end != RunEnd::complete) {
    // A run that failed before its first step leaves what there was.
    if (!earlier_.empty()) metrics = kept_of(record.index);
  }
  LogWriter& log = log_of(record.index);
  if (log.keeps_series_apart()) {
    series.clear();
    end_numbers(record, log, metrics);
  }
  if (metrics.empty()) {
    metrics = std::move(record.metrics);
  } else {
    for (auto& [name, value] : record.metrics) metrics.set(name, std::move(value));
  }
  log.add_last_values(record.index, metrics);
  RowContent row{record.at, record.duration, status_of(record.end), &metrics};
  std::uint64_t attempts = 1;
  if (const auto before = earlier_.find(record.index); before != earlier_.end()) {
    row.duration += before->second.duration;
    attempts += before->second.attempts;
    earlier_.erase(before);
  }
  if (record.end == RunEnd::interrupted && !record.attempt) {
    record.attempt = Attempt{attempts, 0, record.at - record.duration, EndReason::cancelled};
  }
  log.put_end(record.index, row, series);
  const bool may_return = retries_ && record.end == RunEnd::failed;
  log.end_series(record.index, may_return);
  if (!shown_.empty()) shown_.erase(record.index);
  long_runs_ = long_runs_ || record.duration >= std::chrono::seconds(1);
  if (may_return) {
    earlier_[record.index] = {0,
                              std::move(metrics),
                              {{"datetime", Value(base::datetime_text(record.at))}},
                              row.duration,
                              attempts};
  }
}

void Recorder::begin_journals(Sync sync) {
  for (LogWriter& log : logs_) log.begin_journal();
  sync_ = JournalSync(sync);
}

void Recorder::flush() {
  for (LogWriter& log : logs_) {
    log.note_series();
    record::Journal* journal = log.journal();
    if (journal == nullptr || journal->pending().empty()) continue;
    if (journal->flush()) sync_.add(*journal, long_runs_);
  }
  long_runs_ = false;
}

std::string Recorder::journal_warning() {
  for (LogWriter& log : logs_) {
    if (log.journal() != nullptr && !log.journal()->why().empty()) return log.journal()->why();
  }
  return sync_.error();
}

void Recorder::note_running(const std::vector<Running>& running) {
  for (const auto& [index, duration] : running) {
    log_of(index).note_start(index, base::now() - duration);
    shown_.insert(index);
  }
}

void Recorder::forget(const IndexRange& range) {
  for (auto shown = shown_.begin(); shown != shown_.end();) {
    const std::uint64_t index = *shown;
    const std::uint64_t turn = (index - range.first) / range.step;
    const bool is_in =
        index >= range.first && (index - range.first) % range.step == 0 && turn < range.count;
    if (!is_in) {
      ++shown;
      continue;
    }
    log_of(index).forget(index);
    if (const Earlier* left = earlier(index)) put_earlier(index, *left);
    shown = shown_.erase(shown);
  }
}

RowContent Recorder::earlier_row(const Earlier& earlier) {
  const Value* at = earlier.info.find("datetime");
  const auto when = base::parse_datetime(at == nullptr ? std::string() : to_cell(*at));
  return {when.value_or(Micros(0)), earlier.duration, 'F', &earlier.metrics};
}

void Recorder::put_earlier(std::uint64_t index, const Earlier& earlier) {
  log_of(index).put(index, earlier_row(earlier));
}

void Recorder::adopt(
    const std::function<bool(const Earlier& earlier, const std::filesystem::path& log)>& own) {
  for (const auto& [index, earlier] : earlier_) {
    if (own(earlier, log_of(index).log().logs_file())) continue;
    put_earlier(index, earlier);
    adopt_series(index, earlier);
  }
}

void Recorder::adopt_series(std::uint64_t index, const Earlier& earlier) {
  LogWriter& log = log_of(index);
  if (earlier.series && log.keeps_series_apart()) log.adopt_series(index, *earlier.series);
}

void Recorder::learn(std::uint64_t index, Earlier earlier, bool is_own) {
  const Earlier& known = earlier_[index] = std::move(earlier);
  if (is_own) return;
  adopt_series(index, known);
  log_of(index).put_learned(index, earlier_row(known));
}

void Recorder::put_running(const std::vector<Running>& running, char status) {
  for (const auto& [index, duration] : running) {
    const auto live = live_.find(index);
    Metrics metrics = live != live_.end() ? live->second : kept_of(index);
    log_of(index).add_last_values(index, metrics);
    const auto before = earlier_.find(index);
    const Micros until_now = before == earlier_.end() ? Micros(0) : before->second.duration;
    log_of(index).put(index, {base::now(), until_now + duration, status, &metrics});
    shown_.insert(index);
  }
}

void Recorder::snapshot(const std::vector<Running>& running, char status) {
  saver_.wait();
  (void)end_snapshot();
  if (guard_) guard_();
  put_running(running, status);
  for (LogWriter& log : logs_) {
    if (log.changed()) log.snapshot(guard_);
  }
}

void Recorder::begin_snapshot(const std::vector<Running>& running) {
  if (guard_) guard_();
  put_running(running, 'R');
  saving_ = std::make_shared<Saving>();
  for (std::size_t i = 0; i < logs_.size(); ++i) {
    if (logs_[i].changed()) saving_->parts.push_back({i, logs_[i].begin_snapshot(), {}, {}});
  }
  saver_.start([saving = saving_, guard = guard_] { saving->write(guard); });
}

std::optional<Recorder::Saved> Recorder::end_snapshot() {
  if (!saving_ || saver_.is_busy()) return std::nullopt;
  const auto saving = std::exchange(saving_, nullptr);
  if (guard_) guard_();
  const auto begun = std::chrono::steady_clock::now();
  Saved saved;
  for (const Saving::Part& part : saving->parts) {
    LogWriter& log = logs_[part.log];
    std::string error = part.error;
    try {
      if (part.mark) log.end_snapshot(*part.mark, guard_);
    } catch (const Error& failed) {
      error = failed.what();
    }
    if (!part.mark) log.fail_snapshot();
    if (part.mark) saved.bytes = std::max(saved.bytes, part.mark->size);
    if (!error.empty()) saved.error = std::move(error);
  }
  saved.cost = saving->cost + (std::chrono::steady_clock::now() - begun);
  return saved;
}

void Recorder::abandon_saving() {
  if (saver_.is_busy()) saver_.abandon();
  sync_.abandon();
}

void Recorder::close_journals() {
  for (LogWriter& log : logs_) log.close_journal();
}

void Recorder::compact_series() {
  for (const LogWriter& log : logs_) log.compact_series(guard_);
}

std::vector<std::filesystem::path> Recorder::log_files() const {
  std::vector<std::filesystem::path> files;
  for (const LogWriter& log : logs_) files.push_back(log.log().logs_file());
  return files;
}

}  // namespace malet::sweep
