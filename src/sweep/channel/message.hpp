#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text/time_text.hpp"
#include "exec/devices/gpu_map.hpp"
#include "exec/process/environment.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"
#include "sweep/channel/channel.hpp"

/// What rank 0 and the workers tell each other. Configs travel as indices, since every rank holds
/// the same ConfigIter. The first byte of a message is its kind; docs/design/channels.md lists
/// them.
namespace malet::sweep {

using base::Micros;

/// The indices first, first + step, ..., `count` of them.
struct IndexRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t step = 1;

  friend bool operator==(const IndexRange&, const IndexRange&) = default;
};

enum class MessageKind : std::uint8_t {
  // from rank 0
  setup,   ///< what the sweep is about, and the slots that this rank has
  resume,  ///< what an earlier attempt of a config left
  assign,  ///< configs to run
  stop,    ///< start nothing more, ask the run in progress to return
  drain,   ///< start nothing more, let the run in progress end
  limit,   ///< how long a run may last from now on
  leave,   ///< everything is written: leave with this exit code
  // from a rank
  hello,  ///< what this rank has for slots
  // from a worker
  ready,     ///< set up; has nothing to do
  batch,     ///< steps and ends of runs, in order
  returned,  ///< configs given back that were not started
  stopped,   ///< after stop or a signal: nothing runs here any more
  retired,   ///< as stopped: this slot cannot run anything, and why
  unable,    ///< this rank cannot take part, and why
};

/// Why a job ends before everything was run.
enum class StopCause : std::uint8_t { deadline, cancelled };

/// What a rank says of itself before rank 0 gives out slots.
struct RankFacts {
  exec::RankGpus gpus;
  std::string cpus;  ///< those it may use, so that ranks that share them can be told
};

/// A slot, as rank 0 gave it out.
struct SlotPlace {
  std::string gpus;           ///< ids, separated by commas
  exec::Variables variables;  ///< by which its runs see these devices and no others
  int cores = 1;              ///< its share of the rank's cores
};

struct SetupMessage {
  std::string yaml;
  std::string yaml_name;
  std::string folder;            ///< where runs have their folders
  bool gives_back = false;       ///< whether configs behind a long run may go to other workers
  std::vector<SlotPlace> slots;  ///< of this rank, where runs have processes of their own
};

/// What earlier attempts of a config left.
struct ResumeMessage {
  std::uint64_t index = 0;
  std::uint64_t attempts = 0;  ///< how many there were
  Metrics metrics;
  Metrics info;  ///< the info columns
};

struct StopMessage {
  StopCause cause = StopCause::cancelled;
  Micros grace{};  ///< how long runs have to return
};

/// Why a run that had a process of its own ended; the names are those of attempts.jsonl.
enum class EndReason : std::uint8_t {
  ok,
  error,      ///< an exception, or metrics that cannot be used
  exit,       ///< its process left with an exit code
  signal,     ///< its process crashed, or somebody killed it
  oom,        ///< over --run-memory, or killed by the kernel for want of memory
  timeout,    ///< over --run-timeout
  deadline,   ///< the job's time was over
  cancelled,  ///< the job was told to end
  host_lost,  ///< its host broke off talking
};

[[nodiscard]] std::string_view name_of(EndReason reason);

/// How a run ended.
enum class RunEnd : std::uint8_t {
  complete,
  failed,
  interrupted,  ///< returned after it was told to stop
};

/// What is known of a run that had a process of its own: a line of attempts.jsonl.
struct Attempt {
  std::uint64_t number = 1;  ///< of the config, over all jobs
  int pid = 0;
  Micros started{};  ///< since the epoch
  EndReason reason = EndReason::ok;
  std::optional<int> exit_code = {};
  std::optional<int> signal = {};
  std::uint64_t peak_memory = 0;  ///< bytes; 0 where unknown
  double cpu_seconds = 0;
  std::string error_output;  ///< the end of its stderr
  std::string traceback;
};

/// One step of a run's series, or the run's end.
struct RunRecord {
  bool is_step = false;
  std::uint64_t index = 0;
  bool keeps_series = false;  ///< the run asked for what earlier attempts left
  bool replaces = false;      ///< of a step: its values take the place of what is there
  RunEnd end = RunEnd::complete;
  Micros at{};        ///< of an end: when, since the epoch
  Micros duration{};  ///< of an end
  Metrics metrics;
  std::string error;                    ///< of a failed run: what the exception said
  std::optional<Attempt> attempt = {};  ///< of an end
};

[[nodiscard]] MessageKind kind_of(std::string_view message);

[[nodiscard]] std::string encode(MessageKind kind);  ///< of a message that is only its kind
[[nodiscard]] std::string encode(const SetupMessage& message);
[[nodiscard]] std::string encode(const ResumeMessage& message);
[[nodiscard]] std::string encode_ranges(MessageKind kind, const std::vector<IndexRange>& ranges);
[[nodiscard]] std::string encode(const StopMessage& message);
[[nodiscard]] std::string encode(const RankFacts& facts);
[[nodiscard]] std::string encode_limit(Micros longest);
[[nodiscard]] std::string encode_retired(std::string_view why);
[[nodiscard]] std::string encode_leave(ExitCode code);
[[nodiscard]] std::string encode_unable(const Error& error);

/// Appends to a batch; an empty `batch` is begun.
void append_record(std::string& batch, const RunRecord& record);

[[nodiscard]] SetupMessage decode_setup(std::string_view message);
[[nodiscard]] ResumeMessage decode_resume(std::string_view message);
[[nodiscard]] std::vector<IndexRange> decode_ranges(std::string_view message);
[[nodiscard]] StopMessage decode_stop(std::string_view message);
[[nodiscard]] RankFacts decode_hello(std::string_view message);
[[nodiscard]] Micros decode_limit(std::string_view message);
[[nodiscard]] std::string decode_retired(std::string_view message);
[[nodiscard]] ExitCode decode_leave(std::string_view message);
[[nodiscard]] Error decode_unable(std::string_view message);

/// Reads a batch record by record.
class BatchReader {
 public:
  explicit BatchReader(std::string_view batch) : batch_(batch) {}
  /// The next record, into `record`; false at the end.
  bool next(RunRecord& record);

 private:
  std::string_view batch_;
  std::size_t position_ = 1;
};

/// Sends a worker's records in batches: ends of short runs travel together, at most 50 ms late.
class Outbox {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Outbox(Channel& channel) : channel_(channel) {}

  void add(const RunRecord& record, Clock::time_point now) {
    if (batch_.empty()) begun_ = now;
    append_record(batch_, record);
  }
  /// Whether what is in it must not wait any longer.
  [[nodiscard]] bool is_due(Clock::time_point now) const {
    return !batch_.empty() && (now - begun_ > oldest || batch_.size() > largest);
  }
  void send() {
    if (!batch_.empty()) channel_.send(0, std::exchange(batch_, {}));
  }

 private:
  static constexpr std::chrono::milliseconds oldest{50};
  static constexpr std::size_t largest = 1 << 16;

  Channel& channel_;
  std::string batch_;
  Clock::time_point begun_;
};

}  // namespace malet::sweep
