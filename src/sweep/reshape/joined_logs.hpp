#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text/time_text.hpp"
#include "malet/config_iter.hpp"
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

/// The lines of several attempt files, dealt out to new ones. Holds where the lines are, not the
/// lines.
class AttemptSplit {
 public:
  /// Reads the attempt files of these logs, where there are any. Lines whose config is not in the
  /// grid, and those that are none, go to the first new file.
  AttemptSplit(const std::vector<std::filesystem::path>& logs, const ConfigIter& configs,
               std::size_t splits);

  /// Whether a new file has any lines.
  [[nodiscard]] bool has(std::size_t split) const { return !lines_[split].empty(); }
  /// Writes a new file: the lines of each old one in their order, those of several by the times at
  /// which attempts ended. Throws Error(internal).
  void write(std::size_t split, const std::filesystem::path& file) const;

 private:
  struct Line {
    std::uint32_t file = 0;
    std::uint32_t size = 0;
    std::uint64_t begin = 0;
    base::Micros at{};  // when it was written, as far as that can be told
  };

  void read(std::uint32_t file, const ConfigIter& configs);

  std::vector<std::filesystem::path> files_;
  std::vector<std::vector<Line>> lines_;  // per split
};

}  // namespace malet::sweep
