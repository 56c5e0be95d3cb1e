#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "record/series/series_file.hpp"
#include "record/table/number_series.hpp"

namespace malet::record {

/// Segments that there are, and those that count: a merged segment stands for the ones it was made
/// of, and log.h5 for those up to its last, until they are removed.
///
/// \param there ranges in any order.
/// \param done the last number that log.h5 stands for; 0 where there is none.
/// Gives those that count, in order, each going on where the one before ends; nothing when one is
/// missing: then `gap`, if given, holds the first numbers that are nowhere.
[[nodiscard]] std::optional<std::vector<SegmentRange>> counting_segments(
    std::vector<SegmentRange> there, std::uint64_t done, SegmentRange* gap = nullptr);

/// How many of the last of those segments are to be merged into one, so that their number grows
/// with the logarithm of what was written; 0 for none.
[[nodiscard]] std::size_t segments_to_merge(const std::vector<SegmentRange>& segments);

/// The segments in the folder of a log, whether they count or not. Throws Error(bad_input) when the
/// folder cannot be read.
[[nodiscard]] std::vector<SegmentRange> list_segments(const std::filesystem::path& log);

/// Removes the segments of a log that lie within a range, but for one; then the folder, if it is
/// empty.
void remove_segments(const std::filesystem::path& log, SegmentRange range, SegmentRange but = {});

/// Removes log.h5 and all segments of a log.
void remove_series(const std::filesystem::path& log);

/// A change of a series: replaces its elements from values.begin() on by those of `values`.
struct SeriesPiece {
  std::uint64_t run = 0;  ///< run_id as a number
  std::string metric;
  NumberSeries values;
};

// For the log's only writer. All of these throw Error(internal) when a file cannot be written,
// Error(bad_input) for one that is damaged, and ask `last_check` right before a file takes its
// place; when it throws nothing has happened.

/// Puts pieces into a new segment, in their order. Nothing for no pieces.
void write_segment(const std::filesystem::path& log,
                   std::span<const std::shared_ptr<const SeriesPiece>> pieces,
                   const std::function<void()>& last_check = {});

/// Merges segments where there are many; where that cannot be done they stay.
void merge_segments(const std::filesystem::path& log, const std::function<void()>& last_check = {});

}  // namespace malet::record
