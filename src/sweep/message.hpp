#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time_text.hpp"
#include "malet/error.hpp"
#include "malet/value.hpp"

/// What rank 0 and the workers tell each other. Configs travel as indices, since every rank holds
/// the same ConfigIter. The first byte of a message is its kind; docs/architecture.md has the talk.
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
  setup,   ///< what the sweep is about
  resume,  ///< what an earlier attempt of a config left
  assign,  ///< configs to run
  stop,    ///< start nothing more, ask the run in progress to return
  leave,   ///< everything is written: leave with this exit code
  // from a worker
  ready,     ///< set up; has nothing to do
  batch,     ///< steps and ends of runs, in order
  returned,  ///< configs given back that were not started
  stopped,   ///< after stop or a signal: nothing runs here any more
  unable,    ///< this rank cannot take part, and why
};

struct SetupMessage {
  std::string yaml;
  std::string yaml_name;
  std::string folder;       ///< where runs have their folders
  bool gives_back = false;  ///< whether configs behind a long run may go to other workers
};

/// The metrics that earlier attempts of a config left.
struct ResumeMessage {
  std::uint64_t index = 0;
  Metrics metrics;
};

/// How a run ended.
enum class RunEnd : std::uint8_t {
  complete,
  failed,
  interrupted,  ///< returned after it was told to stop
};

/// One step of a run's series, or the run's end.
struct RunRecord {
  bool is_step = false;
  std::uint64_t index = 0;
  bool keeps_series = false;  ///< the run asked for what earlier attempts left
  RunEnd end = RunEnd::complete;
  Micros at{};        ///< of an end: when, since the epoch
  Micros duration{};  ///< of an end
  Metrics metrics;
  std::string error;  ///< of a failed run: what the exception said
};

[[nodiscard]] MessageKind kind_of(std::string_view message);

[[nodiscard]] std::string encode(MessageKind kind);  ///< of a message that is only its kind
[[nodiscard]] std::string encode(const SetupMessage& message);
[[nodiscard]] std::string encode(const ResumeMessage& message);
[[nodiscard]] std::string encode_ranges(MessageKind kind, const std::vector<IndexRange>& ranges);
[[nodiscard]] std::string encode_leave(ExitCode code);
[[nodiscard]] std::string encode_unable(const Error& error);

/// Appends to a batch; an empty `batch` is begun.
void append_record(std::string& batch, const RunRecord& record);

[[nodiscard]] SetupMessage decode_setup(std::string_view message);
[[nodiscard]] ResumeMessage decode_resume(std::string_view message);
[[nodiscard]] std::vector<IndexRange> decode_ranges(std::string_view message);
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

}  // namespace malet::sweep
