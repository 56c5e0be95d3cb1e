#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "malet/experiment_log.hpp"
#include "malet/value.hpp"

namespace malet::record {

/// Fits a log to an experiment that names the same fields but may place them otherwise, as merging
/// logs does: a field that is static in the log and grid in the experiment becomes a grid column
/// with its value in every row; one that is grid in the log and static in the experiment stays a
/// column. Gives whether the log changed; nothing is written.
///
/// Throws Error(bad_input), and changes nothing, when a field has different values on both sides,
/// or stands on one side only. The names stand for the log and the exp_config.yaml in messages,
/// which give the log's line, as it was loaded.
bool carry_over(ExperimentLog& log, const Value::Map& static_configs,
                const std::vector<std::string>& grid_fields, std::string_view log_name,
                std::string_view config_name);

}  // namespace malet::record
