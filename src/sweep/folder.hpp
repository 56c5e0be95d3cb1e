#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "malet/config_iter.hpp"
#include "malet/experiment.hpp"
#include "malet/experiment_log.hpp"

namespace malet::sweep {

/// What a row says of its config; the larger one speaks where a config has several rows.
enum class Status : std::uint8_t { none, running, failed, complete };

/// The status that a cell of the status column stands for.
[[nodiscard]] Status parse_status(std::string_view cell);

/// The row that speaks for a config.
struct ConfigRow {
  std::uint64_t index = 0;  ///< the config's first index in the grid
  Status status = Status::none;
  std::uint32_t log = 0;  ///< position in Folder::logs
  std::uint32_t row = 0;
};

/// An experiment folder as it stands on disk: its configs and all its logs. Reading it changes
/// nothing.
struct Folder {
  std::filesystem::path path;
  std::string yaml;  ///< the text of exp_config.yaml
  ConfigIter configs;
  std::vector<std::filesystem::path> log_paths;
  std::vector<ExperimentLog> logs;  ///< as log_paths; carried over to the experiment's fields
  /// Per log and row the first index of its config, or no_index.
  std::vector<std::vector<std::uint64_t>> row_indices;
  std::vector<ConfigRow> rows;   ///< one per config that has a row, sorted by index
  std::size_t foreign_rows = 0;  ///< rows whose config is not in the grid (any more)

  /// The row of a config by its first index, or nullptr.
  [[nodiscard]] const ConfigRow* find(std::uint64_t index) const;
  /// Counts over the distinct configs of the whole grid. Looks at every config when only that tells
  /// how many repeat.
  [[nodiscard]] Counts counts() const;
};

/// Opens EXP. Throws Error(bad_input) as ConfigIter and ExperimentLog do, and when a log belongs to
/// another experiment.
[[nodiscard]] Folder open_folder(const std::filesystem::path& exp_folder);

/// Number of distinct configs among those of `configs` (after filter, split, slice).
[[nodiscard]] std::uint64_t distinct_size(const ConfigIter& configs);

}  // namespace malet::sweep
