#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "malet/experiment_log.hpp"

namespace malet::record {

/// A log as it stands on disk: its snapshot and its journal as one.
struct LogFile {
  ExperimentLog log;
  bool has_journal = false;
  std::size_t torn_bytes = 0;  ///< of a last record of the journal that was being written
};

/// What to do about series that are kept in HDF5.
enum class SeriesUse {
  none,     ///< they are not looked at: cells have their last values
  checked,  ///< the log gets them, once it is clear that log and series belong together
  known,    ///< the same, but series of runs that the log lacks are passed over
};

/// Reads a log and, where there is one, its journal, while somebody may be writing them. Throws
/// Error(bad_input) as ExperimentLog::from_tsv, and for a journal that is damaged or is another
/// log's; of series that are used, also for damaged files and as check_series does.
[[nodiscard]] LogFile read_log(const std::filesystem::path& file,
                               SeriesUse use = SeriesUse::checked);

/// Writes a log into its logs_file() unless another path is given, as base::AtomicFile does: the
/// old file or the new one. Throws Error(internal) with the system's reason.
void write_tsv(const ExperimentLog& log, const std::optional<std::filesystem::path>& path = {});

/// Puts another status into a row's cell.
void set_status(ExperimentLog& log, std::size_t row, std::string_view status);

}  // namespace malet::record
