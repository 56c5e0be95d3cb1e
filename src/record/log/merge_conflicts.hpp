#pragma once

#include "malet/merge.hpp"
#include "record/log/merge.hpp"

/// Config fields that some of the logs to be merged lack, and what is done about them.
namespace malet::record {

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
