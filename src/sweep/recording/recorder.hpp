#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/files/helper_thread.hpp"
#include "malet/experiment.hpp"
#include "malet/value.hpp"
#include "sweep/channel/message.hpp"
#include "sweep/recording/journal_sync.hpp"
#include "sweep/recording/log_writer.hpp"

namespace malet::sweep {

/// Writes what runs report to the job's logs. A run's log follows from its index: with W logs,
/// config i goes to log i % W.
///
/// What was taken is in the journals after flush(), so that killing the job cannot lose it, and in
/// the logs after the next snapshot, which a thread of its own writes.
class Recorder {
 public:
  /// \param earlier by first index, of configs that are to be run again.
  /// \param retries whether configs that fail may run again in this job, so that what they left
  ///   must be kept at hand.
  Recorder(std::vector<LogWriter> logs, std::unordered_map<std::uint64_t, Earlier> earlier,
           bool retries = false);

  /// What earlier attempts of a config left, or nullptr.
  [[nodiscard]] const Earlier* earlier(std::uint64_t index) const;
  /// Their metrics, with whole series. Throws Error when those cannot be read.
  [[nodiscard]] Metrics earlier_metrics(std::uint64_t index);
  /// Whether any config has something left by earlier attempts.
  [[nodiscard]] bool has_earlier() const;

  /// Takes a step or an end. A run whose metrics bear names that cannot be columns, in a step or at
  /// its end, becomes a failed one, with the reason in `record.error`.
  void take(RunRecord& record);

  /// What is to be asked before a log is replaced; it throws when that may not be.
  void set_guard(std::function<void()> guard) { guard_ = std::move(guard); }
  /// From now on there are journals. Throws Error(internal).
  void begin_journals(Sync sync);
  /// Writes what was taken to the journals, for whoever is told of it next. What cannot be written
  /// now is tried again with the next call.
  void flush();
  /// Sees that what flush() wrote reaches the disk in time; to be called often.
  void sync_if_due(std::chrono::steady_clock::time_point now) { sync_.turn(now); }
  /// What flush() had written by then is not even lost with the node (Sync::never: with the job).
  [[nodiscard]] std::chrono::steady_clock::time_point on_disk_until() const {
    return sync_.on_disk_until();
  }
  /// Why the journals could not be written just now; empty while they can.
  [[nodiscard]] std::string journal_warning() const;

  /// A run that is in progress, and for how long.
  struct Running {
    std::uint64_t index;
    Micros duration;
  };
  /// Notes in the journals that these runs have begun.
  void note_running(const std::vector<Running>& running);

  /// These runs have not begun after all: what was noted of them goes.
  void forget(const IndexRange& range);
  /// Takes in what earlier attempts of a config left, which was not known at the start.
  /// \param is_own whether the config's row is in the job's own log already.
  void learn(std::uint64_t index, Earlier earlier, bool is_own);
  /// Puts what earlier jobs left in other logs of the folder into the job's own, where the journal
  /// goes on from it. `own` says whether a config's row is there already.
  void adopt(
      const std::function<bool(const Earlier& earlier, const std::filesystem::path& log)>& own);

  /// Writes the logs that changed, with rows of status `status` for the runs in progress. Throws
  /// Error(internal) when one cannot be written.
  void snapshot(const std::vector<Running>& running, char status);
  /// The same by another thread; not while one is in work.
  void begin_snapshot(const std::vector<Running>& running);
  /// Whether a snapshot is in work.
  [[nodiscard]] bool is_saving() const { return saving_ != nullptr; }
  /// How a snapshot went that has ended by now.
  struct Saved {
    std::chrono::steady_clock::duration cost{};
    std::string error;        ///< why a log could not be written; empty where all were
    std::uint64_t bytes = 0;  ///< of the largest log
  };
  [[nodiscard]] std::optional<Saved> end_snapshot();
  /// Leaves a snapshot in work to itself: the process is about to end.
  void abandon_saving();
  /// Everything is in the logs: the journals go.
  void close_journals();
  [[nodiscard]] bool keeps_series_apart() const { return logs_.front().keeps_series_apart(); }
  /// Makes one file of each log's segments of series. Throws Error, and then they stay.
  void compact_series();

  [[nodiscard]] std::vector<std::filesystem::path> log_files() const;
  /// The first log, for Experiment::log.
  [[nodiscard]] const ExperimentLog& log() const { return logs_.front().log(); }

 private:
  struct Saving;

  void put_running(const std::vector<Running>& running, char status);
  LogWriter& log_of(std::uint64_t index) { return logs_[index % logs_.size()]; }

  std::vector<LogWriter> logs_;
  bool retries_;
  bool long_runs_ = false;  // a run of a second or more has ended since the last flush
  std::function<void()> guard_;
  JournalSync sync_;
  std::shared_ptr<Saving> saving_;  // the snapshot in work
  base::HelperThread saver_;
};

}  // namespace malet::sweep
