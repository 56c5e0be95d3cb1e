#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/claims/writer_file.hpp"
#include "malet/config_iter.hpp"
#include "malet/experiment_log.hpp"
#include "malet/progress.hpp"
#include "record/log/log_file.hpp"
#include "sweep/folder/attempt_history.hpp"

namespace malet::sweep {

/// Status of a row. Where a config has several rows, the largest status counts.
enum class Status : std::uint8_t { none, running, failed, complete };

/// The status that a cell of the status column stands for.
[[nodiscard]] Status parse_status(std::string_view cell);

/// The row that counts for a config: of those with the best status the latest.
struct ConfigRow {
  std::uint64_t index = 0;  ///< the config's first index in the grid
  Status status = Status::none;
  bool interrupted = false;  ///< failed because its job ended
  std::uint32_t log = 0;     ///< position in Folder::logs
  std::uint32_t row = 0;
};

/// An experiment folder as it stands on disk: its configs and all its logs.
struct Folder {
  /// State of a log besides its rows.
  struct LogState {
    bool is_written = false;               ///< somebody is writing it
    bool has_journal = false;              ///< its journal has newer results
    bool is_carried = false;               ///< it was carried over to the experiment's fields
    std::vector<std::uint32_t> lost_rows;  ///< rows with status R whose job is dead
  };

  std::filesystem::path path;
  std::string yaml;  ///< the text of exp_config.yaml
  ConfigIter configs;
  std::vector<std::filesystem::path> log_paths;
  std::vector<ExperimentLog> logs = {};  ///< as log_paths; carried over to the experiment's fields
  std::vector<LogState> states = {};     ///< as log_paths
  std::vector<std::string> warnings = {};  ///< for people
  /// Per log and row the first index of its config, or no_index.
  std::vector<std::vector<std::uint64_t>> row_indices = {};
  std::vector<ConfigRow> rows = {};  ///< one per config that has a row, sorted by index
  AttemptHistories attempts = {};    ///< where any row failed
  /// One per config that is not in the grid (any more); its index is no_index. In the logs' order.
  std::vector<ConfigRow> foreign = {};

  /// The row of a config by its first index, or nullptr.
  [[nodiscard]] const ConfigRow* find(std::uint64_t index) const;
  /// Whether the row is of a run whose job was killed.
  [[nodiscard]] bool is_lost(const ConfigRow& row) const;
  /// What is known of a config's attempts, where any row failed.
  [[nodiscard]] AttemptHistory history_of(std::uint64_t index) const;
  /// Counts over the distinct configs of the whole grid. Looks at every config when only that tells
  /// how many repeat.
  [[nodiscard]] Counts counts() const;
};

/// Throws Error(bad_input) for journals and series whose log is gone.
void refuse_orphans(const std::filesystem::path& exp_folder);

/// Opens EXP, and finishes a resplit that was cut off. Rows with status R count as failed where
/// nobody writes the log any more. Throws Error(bad_input) as ConfigIter and ExperimentLog do, when
/// a log belongs to another experiment, and when a journal is damaged or its log is gone.
/// \param self this job as a writer: its own rows with status R count as failed, too.
/// \param series whether the logs get the series that are kept in HDF5.
[[nodiscard]] Folder open_folder(const std::filesystem::path& exp_folder,
                                 const base::Writer* self = nullptr,
                                 record::SeriesUse series = record::SeriesUse::checked);

/// Reads some of a folder's logs anew; skips those that are gone.
/// Throws as open_folder.
/// \param attempts logs whose attempt files are read.
[[nodiscard]] Folder read_some_logs(const Folder& folder,
                                    const std::vector<std::filesystem::path>& logs,
                                    const std::vector<std::filesystem::path>& attempts,
                                    const base::Writer* self);

/// Reads one log with its journal and its series, on its own. Rows with status R count as failed
/// where nobody writes it any more. Throws Error(bad_input).
[[nodiscard]] ExperimentLog open_log(const std::filesystem::path& log,
                                     const base::Writer* self = nullptr);
/// The same for all logs of a folder (base::paths::logs_in), which need not be an experiment's.
/// Throws as open_folder, but for the experiment that the logs belong to.
[[nodiscard]] std::vector<ExperimentLog> open_logs(const std::filesystem::path& exp_folder,
                                                   const base::Writer* self = nullptr);

/// Path, size and time of the last change of files, which tell whether they have changed. The time
/// is left out for a writer file, which its job touches all the time.
using FileStamps =
    std::vector<std::tuple<std::filesystem::path, std::uintmax_t, std::filesystem::file_time_type>>;
[[nodiscard]] FileStamps stamps_of(const std::vector<std::filesystem::path>& files);

/// Number of distinct configs among those of `configs` (after filter, split, slice).
[[nodiscard]] std::uint64_t distinct_size(const ConfigIter& configs);

}  // namespace malet::sweep
