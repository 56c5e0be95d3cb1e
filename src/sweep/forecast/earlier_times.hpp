#pragma once

#include <chrono>
#include <vector>

#include "sweep/folder/folder.hpp"
#include "sweep/folder/scope.hpp"

namespace malet::sweep {

/// How long runs took that are complete in a folder's logs, of the configs that a job is about: a
/// few dozen from all over the grid, so that the runs of the job itself soon outweigh them.
[[nodiscard]] std::vector<std::chrono::microseconds> earlier_times(const Folder& folder,
                                                                   const Scope& scope);

}  // namespace malet::sweep
