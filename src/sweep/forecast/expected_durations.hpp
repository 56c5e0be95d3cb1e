#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "sweep/folder/folder.hpp"
#include "sweep/folder/scope.hpp"
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

/// Learns also from complete rows whose config is not in the grid any more.
/// \param most how many rows to learn from; logs with more give a sample.
[[nodiscard]] ExpectedDurations expect_durations(
    const Folder& folder, std::size_t most = std::numeric_limits<std::size_t>::max());

/// The place of a sample's `turn`-th item among `size` items; all of them in order when `size` is
/// at most `most`. Samples spread evenly and keep no step with any field of the grid.
[[nodiscard]] std::uint64_t sample_position(std::uint64_t turn, std::uint64_t size,
                                            std::uint64_t most);

/// Durations of complete runs, of the configs in `scope`: a few dozen from all over the grid, so
/// that the runs of the job itself soon outweigh them.
[[nodiscard]] std::vector<std::chrono::microseconds> earlier_times(const Folder& folder,
                                                                   const Scope& scope);

}  // namespace malet::sweep
