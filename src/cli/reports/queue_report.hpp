#pragma once

#include <string>

#include "malet/value.hpp"
#include "sweep/queue/shared_claims.hpp"

namespace malet::cli {

/// What `status` says of jobs that share an experiment, for people: a line of its own, and a table.
[[nodiscard]] std::string queue_report(const sweep::QueueState& state, std::size_t width);

/// The same as {jobs: [{job, alive, host, started, held, done}], chunks: {total, free, held,
/// done}}; null where a job's file does not say.
[[nodiscard]] Value queue_document(const sweep::QueueState& state);

}  // namespace malet::cli
