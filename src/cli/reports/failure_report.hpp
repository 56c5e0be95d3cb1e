#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "malet/config_iter.hpp"
#include "malet/value.hpp"
#include "sweep/folder/attempt_history.hpp"

namespace malet::cli {

/// Why configs failed, for people: how many for each reason, with what they said most often, and a
/// table of the configs, those of one reason together. A line that says so where none failed.
[[nodiscard]] std::string failure_text(const std::vector<sweep::FailedConfig>& failed,
                                       const ConfigIter& configs, std::size_t width);

/// The counts alone, as `signal 10, timeout 3`; empty where none failed.
[[nodiscard]] std::string failure_counts(const std::vector<sweep::FailedConfig>& failed);

/// Adds `failed_by_reason`, a count for each reason, and `failures`, an object {index, run_id,
/// reason, error, attempts, node, config} for each failed config.
void add_failures(Value::Map& document, const std::vector<sweep::FailedConfig>& failed,
                  const ConfigIter& configs);

}  // namespace malet::cli
