#pragma once

#include <cstddef>
#include <vector>

#include "malet/experiment_log.hpp"
#include "malet/merge.hpp"

namespace malet::record {

/// The logs of two sides: the first `self_count` (at least one) are self's.
struct MergeInput {
  std::vector<ExperimentLog> logs;
  std::size_t self_count = 1;
};

/// All logs as one, which has the first one's file: see ExperimentLog::merge.
[[nodiscard]] ExperimentLog merged(MergeInput input, const MergeOptions& options);

}  // namespace malet::record
