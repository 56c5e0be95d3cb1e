#pragma once

#include "malet/options.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Where options.same_splits asks for it: throws Error(bad_input) if a folder holds logs of splits
/// other than options.total_splits makes, with a sentence that names one and says what to do.
///
/// No log says how many splits there are, but its name and the numbers of its configs do: config i
/// is in split i % N. Where the grid was changed since, so that no N fits the numbers any more,
/// they say nothing. Logs of jobs in queue mode are no splits, nor is log.tsv, which a single split
/// has, unless its schedule is static: then it has a log per slot, however many these are.
void refuse_other_splits(const Folder& folder, const ExperimentOptions& options);

}  // namespace malet::sweep
