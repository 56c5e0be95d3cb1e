#include "sweep/folder.hpp"

#include <algorithm>
#include <utility>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "record/carry_over.hpp"
#include "record/table.hpp"
#include "sweep/row_matcher.hpp"

namespace malet::sweep {

namespace {

/// Appends the rows of one log whose config is in the grid.
void collect_rows(Folder& folder, std::uint32_t log) {
  const record::Table& table = std::as_const(folder.logs[log]).table();
  const auto column = table.column("status");
  const auto& indices = folder.row_indices[log];
  std::vector<std::string_view> cells;
  std::string scratch;
  for (std::size_t row = 0; row < indices.size(); ++row) {
    if (indices[row] == no_index) {
      ++folder.foreign_rows;
      continue;
    }
    Status status = Status::none;
    if (column) {
      table.split(row, cells, scratch);
      status = parse_status(cells[*column]);
    }
    folder.rows.push_back({indices[row], status, log, static_cast<std::uint32_t>(row)});
  }
}

/// Sorts by index and keeps of each config the best status, and of those the last.
void keep_speaking_rows(std::vector<ConfigRow>& rows) {
  const auto by_index = [](const ConfigRow& a, const ConfigRow& b) { return a.index < b.index; };
  if (!std::is_sorted(rows.begin(), rows.end(), by_index)) {
    std::stable_sort(rows.begin(), rows.end(), by_index);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kept > 0 && rows[kept - 1].index == rows[i].index) {
      if (rows[i].status >= rows[kept - 1].status) rows[kept - 1] = rows[i];
    } else {
      rows[kept++] = rows[i];
    }
  }
  rows.resize(kept);
}

}  // namespace

Status parse_status(std::string_view cell) {
  if (cell == "C") return Status::complete;
  if (cell == "F") return Status::failed;
  if (cell == "R") return Status::running;
  return Status::none;
}

const ConfigRow* Folder::find(std::uint64_t index) const {
  const auto found = std::lower_bound(
      rows.begin(), rows.end(), index,
      [](const ConfigRow& row, std::uint64_t wanted) { return row.index < wanted; });
  return found != rows.end() && found->index == index ? &*found : nullptr;
}

Counts Folder::counts() const {
  Counts counts;
  const auto repeats = configs.duplicates();
  counts.total = repeats ? configs.size() - *repeats : distinct_size(configs);
  for (const ConfigRow& row : rows) {
    counts.completed += row.status == Status::complete ? 1 : 0;
    counts.failed += row.status == Status::failed ? 1 : 0;
    counts.running += row.status == Status::running ? 1 : 0;
  }
  counts.pending = counts.total - counts.completed - counts.failed - counts.running;
  return counts;
}

Folder open_folder(const std::filesystem::path& exp_folder) {
  const auto config_path = base::paths::exp_config(exp_folder);
  std::string yaml = base::read_file(config_path);
  ConfigIter configs = ConfigIter::from_text(yaml, config_path.string());
  Folder folder{exp_folder,
                std::move(yaml),
                std::move(configs),
                base::paths::existing_logs(exp_folder),
                {},
                {},
                {},
                0};
  for (const auto& path : folder.log_paths) {
    ExperimentLog log = ExperimentLog::from_tsv(path);
    record::carry_over(log, folder.configs.static_configs(), folder.configs.grid_fields(),
                       path.string(), config_path.string());
    folder.row_indices.push_back(match_rows(log, folder.configs));
    folder.logs.push_back(std::move(log));
    collect_rows(folder, static_cast<std::uint32_t>(folder.logs.size() - 1));
  }
  keep_speaking_rows(folder.rows);
  return folder;
}

std::uint64_t distinct_size(const ConfigIter& configs) {
  if (configs.duplicates() == std::optional<std::uint64_t>(0)) return configs.size();
  std::uint64_t distinct = 0;
  for (std::uint64_t position = 0; position < configs.size(); ++position) {
    const std::uint64_t index = configs.index(position);
    if (configs.first_index(index) == index) ++distinct;
  }
  return distinct;
}

}  // namespace malet::sweep
