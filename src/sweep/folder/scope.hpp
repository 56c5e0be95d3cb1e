#pragma once

#include <optional>
#include <string>

#include "malet/config_iter.hpp"
#include "malet/options.hpp"

namespace malet::sweep {

/// What a job is about: the configs of its split that pass its filter.
struct Scope {
  ConfigIter configs;
  std::optional<std::string> split;  ///< the name of the split's log; none: log.tsv
};

/// Reads total_splits, curr_split and filter, or queue, queue_job and filter. Throws
/// Error(bad_input) for a split that is not there, a field or value the configs do not have, and a
/// filter that does not parse.
[[nodiscard]] Scope make_scope(const ConfigIter& configs, const ExperimentOptions& options);

}  // namespace malet::sweep
