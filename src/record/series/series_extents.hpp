#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "record/series/series_file.hpp"

namespace malet::record {

/// Some elements of a series: the first of those of an entry.
struct SeriesExtent {
  std::uint64_t run = 0;
  std::uint32_t metric = 0;  ///< place in SeriesExtents::metrics
  std::uint32_t file = 0;    ///< which of several files
  std::uint32_t entry = 0;   ///< which of its entries
  std::uint64_t position = 0;
  std::uint64_t length = 0;
};

/// The indices of several files joined, read one after the other.
struct SeriesExtents {
  std::vector<std::string> metrics;
  /// Sorted by run, metric and position; those of a series follow each other without a gap.
  std::vector<SeriesExtent> extents;
};

/// The index of a file, as far as this needs it.
struct SeriesIndex {
  const std::vector<std::uint64_t>* runs;
  const std::vector<std::string>* metrics;
  const std::vector<SeriesEntry>* entries;
};

/// \param whole whether the files hold series from their beginnings on. If not, a series may begin
///   anywhere, and one that nothing was put to but an end is there as an extent without elements.
/// Throws Error(bad_input), as the end of a sentence about the file whose number `at` then holds,
/// for a series with a gap.
[[nodiscard]] SeriesExtents join_indices(std::span<const SeriesIndex> files, bool whole,
                                         std::size_t& at);

}  // namespace malet::record
