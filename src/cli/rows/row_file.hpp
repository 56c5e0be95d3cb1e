#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "cli/rows/row_set.hpp"

namespace malet::cli {

/// Files of results that other programs read. What they hold is text as in the log for .csv and
/// .tsv, typed values for .json and .jsonl.
/// .h5 is described in docs/log_format.md.
enum class RowFormat : std::uint8_t { csv, tsv, json, jsonl, hdf5 };

/// The format that a file's name ends with. Throws Error(bad_input) that lists the endings.
[[nodiscard]] RowFormat format_of(const std::filesystem::path& file);

/// Writes the rows to a file, as base::AtomicFile does: one with all grid and metric fields, one
/// line or object per row.
void write_rows(const RowSet& rows, RowFormat format, const std::filesystem::path& file);

/// The same for their metrics in long form (ExperimentLog::melt_and_explode_metric): grid fields,
/// metric, step, total_steps and metric_value.
/// Throws Error(bad_input) for .h5, which has series in their own form.
void write_melted(const MeltedLog& melted, RowFormat format, const std::filesystem::path& file);

}  // namespace malet::cli
