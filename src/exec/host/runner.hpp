#pragma once

#include <poll.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "exec/host/host_message.hpp"
#include "malet/value.hpp"

namespace malet::exec {

/// How a run came to its end, as the process saw it; why it was ended is the supervisor's to know.
struct RunEnding {
  enum class How {
    done,     ///< it returned, or its command left with 0
    failed,   ///< an exception, or metrics that cannot be read
    exited,   ///< its process left with an exit code
    killed,   ///< its process was ended by a signal
    garbled,  ///< its host said what no host says, or closed the socket
    unable,   ///< its process could not be started
  };
  How how = How::done;
  int code = 0;  ///< exit code or signal
  Metrics metrics;
  bool keep = false;
  bool stopped = false;
  std::string error;
  std::string traceback;
  int pid = 0;
  double cpu_seconds = 0;
  std::uint64_t peak_memory = 0;  ///< bytes; 0 where unknown
};

/// What a run reported while it was running.
struct RunReportLine {
  Metrics metrics;  ///< appended to series
  Metrics set;      ///< replace what is there
  bool keep = false;
};

/// Runs one config at a time in a child process. Never waits for it: whoever owns it polls the
/// descriptors and calls turn() when one of them is ready, or now and then.
class Runner {
 public:
  enum class State {
    down,      ///< no process
    starting,  ///< not yet able to run anything
    idle,
    busy,
    ending,  ///< asked to leave for good
  };
  using OnReport = std::function<void(RunReportLine&&)>;

  Runner() = default;
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;
  virtual ~Runner() = default;

  [[nodiscard]] virtual State state() const = 0;
  /// Where it is down: starts the process. Its failure is told by turn().
  virtual void start() = 0;
  /// Where it is idle: begins a run.
  virtual void begin(const RunOrder& order) = 0;
  /// Asks the run in progress to return soon.
  virtual void ask_to_stop(std::string_view reason) = 0;
  /// Ends the process at once; a run in progress ends by it.
  virtual void kill() = 0;
  /// Asks an idle process to leave for good; turn() tells when it has.
  virtual void end() = 0;
  /// The process group's number; 0 where it is down.
  [[nodiscard]] virtual int group() const = 0;
  virtual void add_descriptors(std::vector<pollfd>& polled) const = 0;
  /// Whether turn() has something to tell that no descriptor shows.
  [[nodiscard]] virtual bool has_news() const = 0;
  /// Takes in what happened. Gives the ending of the run in progress when it has ended, or, where
  /// none is, how the process died.
  [[nodiscard]] virtual std::optional<RunEnding> turn(const OnReport& on_report) = 0;
};

}  // namespace malet::exec
