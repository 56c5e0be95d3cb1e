#include "sweep/recording/recorder.hpp"

#include <algorithm>
#include <utility>

#include "malet/error.hpp"

namespace malet::sweep {

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
    : logs_(std::move(logs)), retries_(retries) {
  for (auto& [index, left] : earlier) log_of(index).runs().set_earlier(index, std::move(left));
}

const Earlier* Recorder::earlier(std::uint64_t index) const {
  return logs_[index % logs_.size()].runs().earlier(index);
}

bool Recorder::has_earlier() const {
  return std::any_of(logs_.begin(), logs_.end(),
                     [](const LogWriter& log) { return !log.runs().all_earlier().empty(); });
}

Metrics Recorder::earlier_metrics(std::uint64_t index) {
  return log_of(index).earlier_metrics(index);
}

void Recorder::take(RunRecord& record) {
  log_of(record.index).take(record, retries_);
  long_runs_ = long_runs_ || record.duration >= std::chrono::seconds(1);
}

void Recorder::begin_journals(Sync sync) {
  for (LogWriter& log : logs_) log.begin_journal();
  sync_ = JournalSync(sync);
}

void Recorder::flush() {
  for (LogWriter& log : logs_) {
    if (const record::Journal* journal = log.flush()) sync_.add(*journal, long_runs_);
  }
  long_runs_ = false;
}

std::string Recorder::journal_warning() const {
  for (const LogWriter& log : logs_) {
    std::string warning = log.journal_warning();
    if (!warning.empty()) return warning;
  }
  return sync_.error();
}

void Recorder::note_running(const std::vector<Running>& running) {
  for (const auto& [index, duration] : running) {
    log_of(index).note_start(index, base::now() - duration);
  }
}

void Recorder::forget(const IndexRange& range) {
  for (LogWriter& log : logs_) log.forget(range);
}

void Recorder::adopt(
    const std::function<bool(const Earlier& earlier, const std::filesystem::path& log)>& own) {
  for (LogWriter& log : logs_) {
    for (const auto& [index, earlier] : log.runs().all_earlier()) {
      if (!own(earlier, log.log().logs_file())) log.adopt(index);
    }
  }
}

void Recorder::learn(std::uint64_t index, Earlier earlier, bool is_own) {
  LogWriter& log = log_of(index);
  log.runs().set_earlier(index, std::move(earlier));
  if (!is_own) log.learn(index);
}

void Recorder::put_running(const std::vector<Running>& running, char status) {
  for (const auto& [index, duration] : running) log_of(index).put_running(index, duration, status);
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
    if (!part.mark) log.mark_changed();
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
