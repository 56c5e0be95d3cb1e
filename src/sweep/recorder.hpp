#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "malet/value.hpp"
#include "sweep/log_writer.hpp"
#include "sweep/message.hpp"

namespace malet::sweep {

/// What earlier attempts of a config left in the logs.
struct Earlier {
  Metrics metrics;
  Metrics info;  ///< the info columns
  Micros duration{};
  std::uint64_t attempts = 1;  ///< how many there were
};

/// Turns the steps and ends of runs into rows of the logs. A row's log follows from its index: with
/// W logs, config i goes to log i % W.
class Recorder {
 public:
  /// \param earlier by first index, of configs that are to be run again.
  /// \param retries whether configs that fail may run again in this job, so that what they left
  ///   must be kept at hand.
  Recorder(std::vector<LogWriter> logs, std::unordered_map<std::uint64_t, Earlier> earlier,
           bool retries = false);

  /// What earlier attempts of a config left, or nullptr.
  [[nodiscard]] const Earlier* earlier(std::uint64_t index) const;
  /// Whether any config has something left by earlier attempts.
  [[nodiscard]] bool has_earlier() const { return !earlier_.empty(); }

  /// Takes a step or an end. A run whose metrics bear names that cannot be columns, in a step or at
  /// its end, becomes a failed one, with the reason in `record.error`.
  void take(RunRecord& record);

  /// A run that is in progress, and for how long.
  struct Running {
    std::uint64_t index;
    Micros duration;
  };
  /// Writes the logs that changed, with rows of status `status` for the runs in progress.
  void snapshot(const std::vector<Running>& running, char status);

  [[nodiscard]] std::vector<std::filesystem::path> log_files() const;
  /// The first log, for Experiment::log.
  [[nodiscard]] const ExperimentLog& log() const { return logs_.front().log(); }

 private:
  LogWriter& log_of(std::uint64_t index) { return logs_[index % logs_.size()]; }
  void take_step(const RunRecord& record);
  void take_end(RunRecord& record);
  void check_names(RunRecord& record);
  [[nodiscard]] Metrics kept_of(std::uint64_t index) const;

  std::vector<LogWriter> logs_;
  std::unordered_map<std::uint64_t, Earlier> earlier_;
  bool retries_;
  std::unordered_map<std::uint64_t, Metrics> live_;         // series of runs in progress
  std::vector<std::string> accepted_;                       // metric names seen to be fine
  std::unordered_map<std::uint64_t, std::string> refused_;  // why runs in progress will have failed
};

}  // namespace malet::sweep
