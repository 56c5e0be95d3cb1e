#pragma once

#include <poll.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "malet/config.hpp"
#include "malet/value.hpp"

namespace malet::exec {

/// What a run is given.
struct RunOrder {
  Config config;
  std::string run_id;
  int attempt = 1;
  std::string dir;  ///< its own folder, which may not exist yet
  Metrics resume;   ///< metrics of earlier attempts
  Metrics info;     ///< datetime, duration, commit_hash and status of earlier attempts
};

/// How a run ended, as seen from its process. Not why: only the owner knows whether it ended the
/// run.
struct RunEnding {
  enum class How {
    done,     ///< the function returned, or the command exited with 0
    failed,   ///< an exception, or metrics that cannot be read
    exited,   ///< the process exited with a code
    killed,   ///< a signal killed the process
    garbled,  ///< the host broke the protocol, or closed its socket
    unable,   ///< the process could not be started
  };
  How how = How::done;
  int code = 0;  ///< exit code or signal
  Metrics metrics;
  bool keep = false;     ///< the series of earlier attempts go on; else they are dropped
  bool stopped = false;  ///< it returned because it was told to stop
  std::string error;
  std::string traceback;
  int pid = 0;
  double cpu_seconds = 0;
  std::uint64_t peak_memory = 0;  ///< bytes; 0 if unknown
};

/// Metrics that a run reported before its end.
struct RunReportLine {
  Metrics metrics;  ///< appended to series
  Metrics set;      ///< replace earlier values
  bool keep = false;
};

/// Runs one config at a time in a child process. Never blocks: the owner polls the descriptors and
/// calls turn() when one is ready, and now and then.
class Runner {
 public:
  enum class State {
    down,      ///< no process
    starting,  ///< not ready to run anything yet
    idle,
    busy,
    ending,  ///< asked to exit
  };
  using OnReport = std::function<void(RunReportLine&&)>;

  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  virtual ~Runner() = default;

  [[nodiscard]] virtual State state() const = 0;
  /// Starts the process; only when down. turn() tells of a failure.
  virtual void start() = 0;
  /// Begins a run; only when idle.
  virtual void begin(const RunOrder& order) = 0;
  /// Asks the run in progress to return soon.
  virtual void ask_to_stop(std::string_view reason) = 0;
  /// Kills the process, and with it a run in progress.
  virtual void kill() = 0;
  /// Asks an idle process to exit; state() is down once it has.
  virtual void end() = 0;
  /// The process group; 0 when down.
  [[nodiscard]] virtual int group() const = 0;
  virtual void add_descriptors(std::vector<pollfd>& polled) const = 0;
  /// Whether turn() has news that no descriptor shows.
  [[nodiscard]] virtual bool has_news() const = 0;
  /// Takes in what happened. Gives the ending of the run in progress once it has ended; without a
  /// run, how the process died.
  [[nodiscard]] virtual std::optional<RunEnding> turn(const OnReport& on_report) = 0;
};

}  // namespace malet::exec
