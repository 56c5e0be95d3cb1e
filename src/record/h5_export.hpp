#pragma once

#include <filesystem>

#include "malet/experiment_log.hpp"

namespace malet::record {

/// Writes a log to an HDF5 file of its own, which replaces what stands there as a whole:
///
/// - static configs as attributes of the file;
/// - /configs, /metrics, /info: a dataset per column, one element per row. Columns of integers
///   without empty cells are 64-bit integers, those of numbers and empty cells doubles (NaN where
///   a cell is empty), others texts. A series is there with its last element.
/// - /series/{metric}/values and /offsets: the elements of all rows' series of numbers one behind
///   the other; those of row i are values[offsets[i]:offsets[i + 1]].
///
/// A `/` in a name is written %2F; every dataset has its column's name as attribute `name`.
/// Throws Error(internal) when the file cannot be written, Error(bad_input) when a series cannot be
/// read.
void export_h5(const ExperimentLog& log, const std::filesystem::path& file);

}  // namespace malet::record
