#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "malet/experiment_log.hpp"
#include "record/log/series_views.hpp"
#include "record/series/series_store.hpp"

/// What is done to a log together with the series that stand beside it in HDF5.
namespace malet::record {

/// Number of runs that have series, and of those without a row in the log.
struct RunCounts {
  std::size_t all = 0;
  std::size_t unknown = 0;
};
[[nodiscard]] RunCounts count_runs(const ExperimentLog& log, const SeriesStore& store);

/// Throws Error(bad_input) where a log and its series disagree: elements are missing that the
/// journal goes on from, the log lacks a run, or its cell is not the last value of the series.
/// \param may_lack_runs whether runs that the log lacks are passed over.
void check_series(const ExperimentLog& log, const SeriesByRun& series, bool may_lack_runs = false);

/// Puts all series into the log's cells, as a log without HDF5 has them.
void inline_series(ExperimentLog& log);
/// A copy of the log for which that is done.
[[nodiscard]] ExperimentLog with_inline_series(const ExperimentLog& log);

/// Removes a config's stored series of these metrics, before a log's row gets the metrics' new
/// values. The caller must be the log's only writer. Throws Error(internal).
void drop_series(ExperimentLog& log, const Config& config, const Metrics& metrics);

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
