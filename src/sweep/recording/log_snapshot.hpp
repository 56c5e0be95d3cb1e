#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/files/descriptor.hpp"
#include "record/journal/journal_record.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/row_matcher.hpp"
#include "sweep/recording/series_writer.hpp"

namespace malet::sweep {

/// Stands for the config of a row that is not to be written.
inline constexpr std::uint64_t dropped_row = no_index - 1;

/// What a snapshot of a log is made of. Nobody changes it, so that any thread can write it.
struct LogSnapshot {
  std::filesystem::path file;
  std::string header;
  record::Table table;
  std::vector<std::uint64_t> row_indices;  ///< per row its config's, or no_index, or dropped_row
  SeriesPieces series = {};                ///< what the next segment is made of
  base::Descriptor journal = {};           ///< to be on disk before the segment is
  std::string flaw = {};                   ///< why nothing may be written

  /// Writes the segment, then the file: rows in grid order, rows of foreign configs last. Throws
  /// Error(internal).
  /// \param last_check called right before the file is replaced; when it throws it is not.
  [[nodiscard]] record::FileMark write(const std::function<void()>& last_check = {}) const;
};

}  // namespace malet::sweep
