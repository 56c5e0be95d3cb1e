#pragma once

#include <optional>
#include <string>

#include "malet/config_iter.hpp"
#include "malet/options.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// What a job is about: the configs of its split that pass its filter.
struct Scope {
  ConfigIter configs;
  std::optional<std::string> split;  ///< the name of the split's log; none: log.tsv
};

/// Reads options.splits. Throws Error(bad_input) for a split that is not there, a field or value
/// the configs do not have, and a filter that does not parse.
[[nodiscard]] Scope make_scope(const ConfigIter& configs, const ExperimentOptions& options);

/// With options.splits.same: throws Error(bad_input) if a folder has logs of another number of
/// splits than options.splits.total.
///
/// The number of splits N follows from the name of a log and the indices of its configs, since
/// config i is in split i % N. If the grid was changed and no N fits, nothing is refused. Logs of
/// queue jobs are no splits, nor is log.tsv. A single split with a static schedule has a log per
/// slot, and any number of slots is right.
void refuse_other_splits(const Folder& folder, const ExperimentOptions& options);

}  // namespace malet::sweep
