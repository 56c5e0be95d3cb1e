#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "malet/experiment_log.hpp"
#include "record/h5/number_series.hpp"
#include "record/series/series_store.hpp"

namespace malet::record {

/// What a series got: its elements from values.begin() on, those that it had there are gone.
struct SeriesPiece {
  std::uint64_t run = 0;  ///< run_id as a number
  std::string metric;
  NumberSeries values;
};

// For who alone writes the log. All of these throw Error(internal) when a file cannot be written,
// Error(bad_input) for one that is damaged, and ask `last_check` right before a file takes its
// place; when it throws nothing has happened.

/// Puts pieces into a new segment, in their order. Nothing for no pieces.
void write_segment(const std::filesystem::path& log,
                   std::span<const std::shared_ptr<const SeriesPiece>> pieces,
                   const std::function<void()>& last_check = {});

/// Merges segments where there are many; where that cannot be done they stay.
void merge_segments(const std::filesystem::path& log, const std::function<void()>& last_check = {});

/// Writes the series of a new log's rows beside it, as its log.h5: those of row i are taken from
/// stores[i], under the row's run_id; nullptr: it has none. A cell that is not the last value of a
/// series stays as it is. Where rows are of one run, later ones get theirs into their cells. Gives
/// whether there were any; else nothing is written.
bool write_series(ExperimentLog& log, std::span<const SeriesStore* const> stores);

/// Makes one log.h5 of a log's series, if there are segments; in the order of the log's rows. Gives
/// whether it was written. Runs that the log lacks are left out: check_series tells of them.
/// \param always whether log.h5 is written anew also where there are no segments.
bool compact_series(const ExperimentLog& log, const std::function<void()>& last_check = {},
                    bool always = false);

}  // namespace malet::record
