#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "malet/value.hpp"

namespace malet::record {

/// Rows to be exported, as who has them gives them out.
struct ExportRows {
  /// The value of a field by row, with all elements where it is a series.
  using Column = std::function<Value(std::size_t row)>;

  Value::Map static_configs;
  std::vector<std::string> grid_fields;
  std::vector<std::string> metric_fields;
  std::size_t size = 0;
  std::function<Column(const std::string& field)> column;
};

/// Writes rows to an HDF5 file of its own, which replaces what stands there as a whole:
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
void export_h5(const ExportRows& rows, const std::filesystem::path& file);

}  // namespace malet::record
