#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/runner/runner.hpp"
#include "malet/value.hpp"

/// The lines between a rank and its hosts. docs/protocol.md is their grammar.
namespace malet::exec {

inline constexpr int protocol_version = 1;

/// What a host is told about the experiment.
struct ExperimentFacts {
  std::string name;
  std::string folder;
  std::optional<double> timeout;  ///< seconds
  bool checkpoint = false;
  bool configs_save = false;
  std::uint64_t total = 0;
};

/// The line that orders a run. `first`: whether it is the rank's first line.
[[nodiscard]] std::string run_line(const RunOrder& order,
                                   const std::vector<std::string>& grid_fields,
                                   const ExperimentFacts& experiment, bool first);
[[nodiscard]] std::string stop_line(std::string_view reason);

/// A host's line.
struct HostMessage {
  enum class Kind { ready, report, done, failed };
  Kind kind = Kind::ready;
  Metrics metrics;
  Metrics set;
  bool keep = false;
  bool stopped = false;
  std::optional<double> cpu_seconds;
  std::string error;
  std::string traceback;
};

/// Reads a host's line. Throws Error(bad_input) for any other line.
[[nodiscard]] HostMessage parse_host_message(std::string_view line);

[[nodiscard]] std::string host_line(const HostMessage& message);

/// A rank's line, as a host reads it.
struct RankMessage {
  enum class Kind { run, stop };
  Kind kind = Kind::stop;
  RunOrder order;
};

/// Reads a rank's line. Throws Error(bad_input) for any other line. `first`: whether it is the
/// rank's first line.
[[nodiscard]] RankMessage parse_rank_message(std::string_view line, bool first);

}  // namespace malet::exec
