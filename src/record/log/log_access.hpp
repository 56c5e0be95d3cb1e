#pragma once

#include <memory>

#include "malet/experiment_log.hpp"
#include "record/table/table.hpp"

// What the program sees of a log beyond its public interface.
namespace malet::record {

class SeriesByRun;

[[nodiscard]] const Table& table_of(const ExperimentLog& log);
/// The log's table, to be changed. Drops the index by which isin and its like find rows.
[[nodiscard]] Table& change_table(ExperimentLog& log);

/// The series whose last elements stand in cells, while all of them are in HDF5; nullptr where
/// there are none. read_log attaches them, ExperimentLog::from_tsv does not.
[[nodiscard]] const std::shared_ptr<const SeriesByRun>& series_of(const ExperimentLog& log);
void set_series(ExperimentLog& log, std::shared_ptr<const SeriesByRun> series);

/// The rows of a table by their cells alone, without series in HDF5.
[[nodiscard]] LogTable view_of(const Table& table);

}  // namespace malet::record
