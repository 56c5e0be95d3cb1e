#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

#include "sweep/folder/folder.hpp"
#include "sweep/forecast/duration_model.hpp"

namespace malet::sweep {

/// How long the configs of a folder are expected to run, by what its logs tell.
struct ExpectedDurations {
  /// Seconds by a config's first index: as long as complete runs with the same grid values would
  /// let expect (DurationModel), and no less than its own earlier attempts lasted. Keeps what it
  /// needs, not the folder.
  std::function<double(std::uint64_t index)> seconds;
  bool has_complete_runs = false;  ///< else nothing tells configs apart that were never run
  /// How long complete runs lasted beside what is expected of their like.
  DurationSpread spread;
};

/// Complete rows whose config is not in the grid any more count as well.
/// \param most of the rows in logs that have many more about so many are learnt from.
[[nodiscard]] ExpectedDurations expect_durations(
    const Folder& folder, std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace malet::sweep
