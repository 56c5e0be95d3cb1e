#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "malet/experiment_log.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// A row of one of a folder's logs.
struct JoinedRow {
  std::uint64_t index = 0;  ///< of its config, or no_index
  std::uint32_t log = 0;    ///< position in Folder::logs
  std::uint32_t row = 0;
};

/// All logs of a folder as one: their rows in grid order, those of configs that are not in the grid
/// last, and columns that all of them fit in.
class JoinedLogs {
 public:
  /// \param folder must outlive this.
  explicit JoinedLogs(const Folder& folder);

  /// Where several logs have a config, the one with its best and latest row speaks for it: of the
  /// others only results stay, and those only when they differ.
  void fold();

  [[nodiscard]] const std::vector<JoinedRow>& rows() const { return rows_; }
  /// A log with these rows. Lines are shared with the folder's logs where the columns allow it.
  [[nodiscard]] ExperimentLog log_of(std::span<const JoinedRow> rows,
                                     const std::filesystem::path& file) const;

 private:
  void fold_group(std::span<const JoinedRow> group, std::vector<JoinedRow>& kept) const;
  [[nodiscard]] std::string_view line(const JoinedRow& row) const;
  /// The line with all series in its cells, wherever they are kept.
  [[nodiscard]] std::string whole_line(const JoinedRow& row) const;
  [[nodiscard]] bool is_complete(const JoinedRow& row) const;

  const Folder& folder_;
  std::vector<record::Table> tables_;  // the folder's logs, with the columns of all
  std::vector<JoinedRow> rows_;
};

}  // namespace malet::sweep
