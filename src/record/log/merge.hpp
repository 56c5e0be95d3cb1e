#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
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

// Config fields that some of the logs to be merged lack, and what is done about them.

/// What to call a log in messages: its file, or "log 2".
[[nodiscard]] std::string log_title(const MergeInput& input, std::size_t log);

/// Changes the fields of a side's logs. Throws Error(bad_input) when there is nothing to change.
void apply_fix(MergeInput& input, const FieldFix& fix);

/// Asks for fixes and applies them until all logs have the same config fields. Throws
/// Error(bad_input) when that is given up.
void resolve_fields(MergeInput& input,
                    const std::function<std::optional<FieldFix>(const FieldConflicts&)>& ask);

/// Throws Error(bad_input) that names the config fields that a log lacks.
void refuse_lacking_fields(const MergeInput& input);

}  // namespace malet::record
