#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/text/time_text.hpp"
#include "malet/config_iter.hpp"
#include "malet/error.hpp"
#include "malet/progress.hpp"
#include "malet/value.hpp"
#include "sweep/queue/shared_claims.hpp"

namespace malet::cli {

/// How fast results came lately.
struct Pace {
  double per_second = 0;
  base::Micros last{};  ///< when the last one came
};

/// The pace from the times (since the epoch, in any order) at which runs ended: over the last
/// 1,000 of them (more where those came within a second), and back to the last long pause only, as
/// between two jobs. What came within a second is taken for a second's work. Nothing for fewer than
/// two.
[[nodiscard]] std::optional<Pace> recent_pace(std::vector<base::Micros> ends);

/// What `status` tells about an experiment.
struct StatusFacts {
  std::string experiment;
  Counts counts;
  std::optional<Pace> pace;
  base::Micros now{};
};

/// The document {total, completed, failed, running, pending}.
[[nodiscard]] Value::Map status_document(const Counts& counts);

/// The same for people, with rate and ETA while results come in.
[[nodiscard]] std::string status_text(const StatusFacts& facts);

/// What `run` would have left with: 0 all complete, 1 none pending but some failed, else 75.
[[nodiscard]] ExitCode status_code(const Counts& counts);

/// What `status` says of jobs that share an experiment, for people: a line of its own, and a table.
[[nodiscard]] std::string queue_report(const sweep::QueueState& state, std::size_t width);

/// The same as {jobs: [{job, alive, host, started, held, done}], chunks: {total, free, held,
/// done}}; null where a job's file does not say.
[[nodiscard]] Value queue_document(const sweep::QueueState& state);

}  // namespace malet::cli
