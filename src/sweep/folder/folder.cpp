#include "sweep/folder/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "record/log/cell_check.hpp"
#include "record/log/columns.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/table/cells.hpp"
#include "record/table/key_text.hpp"
#include "record/table/table.hpp"
#include "sweep/folder/resplit_intent.hpp"
#include "sweep/folder/row_matcher.hpp"
#include "sweep/folder/writers.hpp"

namespace malet::sweep {

namespace {

constexpr int most_readings = 5;

/// The statuses of all rows of a log.
std::vector<Status> statuses_of(const ExperimentLog& log) {
  const record::Table& table = record::table_of(log);
  std::vector<Status> statuses(table.rows(), Status::none);
  const auto column = table.column("status");
  if (!column) return statuses;
  for (std::size_t row = 0; row < statuses.size(); ++row) {
    if (*column >= table.cells(row)) continue;
    const auto cell = record::cell_at(table.line(row), *column).value_or("");
    statuses[row] = parse_status(cell);
    if (statuses[row] == Status::none) record::check_status(log, row, cell);
  }
  return statuses;
}

/// Makes rows with status R failed ones, in the log and in `statuses`; gives their numbers.
std::vector<std::uint32_t> fail_lost_rows(ExperimentLog& log, std::vector<Status>& statuses) {
  std::vector<std::uint32_t> lost;
  for (std::size_t row = 0; row < statuses.size(); ++row) {
    if (statuses[row] != Status::running) continue;
    statuses[row] = Status::failed;
    lost.push_back(static_cast<std::uint32_t>(row));
    record::set_status(log, row, "F");
  }
  return lost;
}

/// Appends the rows of one log; those whose config is not in the grid get its run_id as index.
void collect_rows(Folder& folder, std::size_t log, const std::vector<Status>& statuses) {
  const auto& indices = folder.row_indices[log];
  const auto& grid_fields = folder.logs[log].grid_fields();
  Value::Map statics = folder.configs.static_configs();
  std::erase_if(statics, [&](const auto& each) { return record::holds(grid_fields, each.first); });
  record::RunIds ids(statics, grid_fields);
  for (std::size_t row = 0; row < indices.size(); ++row) {
    const bool is_foreign = indices[row] == no_index;
    const std::uint64_t index =
        is_foreign ? ids.of_row(record::table_of(folder.logs[log]), row) : indices[row];
    (is_foreign ? folder.foreign : folder.rows)
        .push_back({index, statuses[row], false, static_cast<std::uint32_t>(log),
                    static_cast<std::uint32_t>(row)});
  }
}

/// Time of the last writing of a row, as a text that sorts by time.
std::string written_at(const Folder& folder, const ConfigRow& row) {
  const record::Table& table = record::table_of(folder.logs[row.log]);
  const auto column = table.column("datetime");
  return column ? table.cell(row.row, *column) : std::string();
}

bool speaks_over(const Folder& folder, const ConfigRow& one, const ConfigRow& other) {
  if (one.status != other.status) return one.status > other.status;
  // In one log the last one counts, as in Malet.
  return one.log == other.log || written_at(folder, one) >= written_at(folder, other);
}

/// Sorts by index and keeps of each config the best status, and of those the latest.
void keep_speaking_rows(const Folder& folder, std::vector<ConfigRow>& rows) {
  const auto by_index = [](const ConfigRow& a, const ConfigRow& b) { return a.index < b.index; };
  if (!std::is_sorted(rows.begin(), rows.end(), by_index)) {
    std::stable_sort(rows.begin(), rows.end(), by_index);
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (kept == 0 || rows[kept - 1].index != rows[i].index) {
      rows[kept++] = rows[i];
    } else if (speaks_over(folder, rows[i], rows[kept - 1])) {
      rows[kept - 1] = rows[i];
    }
  }
  rows.resize(kept);
}

/// Sorts rows of configs outside the grid by log and row.
void sort_as_in_logs(std::vector<ConfigRow>& rows) {
  for (ConfigRow& row : rows) row.index = no_index;
  std::sort(rows.begin(), rows.end(), [](const ConfigRow& a, const ConfigRow& b) {
    return std::pair(a.log, a.row) < std::pair(b.log, b.row);
  });
}

/// Tells interrupted rows from failed ones by the attempt files: the status is F for both.
void find_interrupted(Folder& folder, const std::vector<std::filesystem::path>& logs) {
  AttemptHistories failed;
  for (const ConfigRow& row : folder.rows) {
    if (row.status == Status::failed) failed[folder.configs.config(row.index).run_id()];
  }
  if (failed.empty()) return;
  folder.attempts = read_attempts(logs, std::move(failed));
  for (ConfigRow& row : folder.rows) {
    if (row.status != Status::failed) continue;
    row.interrupted = folder.is_lost(row) || folder.history_of(row.index).interrupted;
  }
}

void add_log(Folder& folder, const std::filesystem::path& path, bool is_written,
             record::SeriesUse series) {
  const std::size_t at = folder.logs.size();
  record::LogFile read = record::read_log(path, series);
  if (read.torn_bytes > 0 && !is_written) {
    folder.warnings.push_back(
        fmt::format("{}: the last {} bytes are half a record, left by a crash, and are passed over",
                    base::paths::journal(path).string(), read.torn_bytes));
  }
  const bool carried =
      record::carry_over(read.log, folder.configs.static_configs(), folder.configs.grid_fields(),
                         path.string(), base::paths::exp_config(folder.path).string());
  folder.row_indices.push_back(match_rows(read.log, folder.configs));
  folder.logs.push_back(std::move(read.log));
  folder.states.push_back({is_written, read.has_journal, carried, {}});
  auto statuses = statuses_of(folder.logs.back());
  if (!is_written) folder.states[at].lost_rows = fail_lost_rows(folder.logs[at], statuses);
  collect_rows(folder, at, statuses);
}

Folder read_folder(const std::filesystem::path& exp_folder, const base::Writer* self,
                   record::SeriesUse series) {
  const auto config_path = base::paths::exp_config(exp_folder);
  std::string yaml = base::read_file(config_path);
  ConfigIter configs = ConfigIter::from_text(yaml, config_path.string());
  refuse_orphans(exp_folder);
  Folder folder{exp_folder, std::move(yaml), std::move(configs),
                base::paths::existing_logs(exp_folder)};
  for (const auto& path : folder.log_paths) {
    add_log(folder, path, is_written(exp_folder, path, self), series);
  }
  keep_speaking_rows(folder, folder.rows);
  keep_speaking_rows(folder, folder.foreign);
  sort_as_in_logs(folder.foreign);
  find_interrupted(folder, folder.log_paths);
  return folder;
}

}  // namespace

Status parse_status(std::string_view cell) {
  if (cell == "C") return Status::complete;
  if (cell == "F") return Status::failed;
  if (cell == "R") return Status::running;
  return Status::none;
}

void refuse_orphans(const std::filesystem::path& exp_folder) {
  for (const auto& journal : base::paths::orphan_journals(exp_folder)) {
    reject(
        "{}: the log that this journal goes on from is gone: put {} back, or "
        "remove the journal if its results are not wanted",
        journal.string(), journal.stem().string());
  }
  for (const auto& series : base::paths::orphan_series(exp_folder)) {
    reject(
        "{}: the log whose series these are is gone: put it back, or remove "
        "them if they are not wanted",
        series.string());
  }
}

const ConfigRow* Folder::find(std::uint64_t index) const {
  const auto found = std::lower_bound(
      rows.begin(), rows.end(), index,
      [](const ConfigRow& row, std::uint64_t wanted) { return row.index < wanted; });
  return found != rows.end() && found->index == index ? &*found : nullptr;
}

bool Folder::is_lost(const ConfigRow& row) const {
  const auto& lost = states[row.log].lost_rows;
  return std::binary_search(lost.begin(), lost.end(), row.row);
}

AttemptHistory Folder::history_of(std::uint64_t index) const {
  const auto found = attempts.find(configs.config(index).run_id());
  return found == attempts.end() ? AttemptHistory() : found->second;
}

Counts Folder::counts() const {
  Counts counts;
  const auto repeats = configs.duplicates();
  counts.total = repeats ? configs.size() - *repeats : distinct_size(configs);
  for (const ConfigRow& row : rows) {
    counts.completed += row.status == Status::complete ? 1 : 0;
    counts.failed += row.status == Status::failed ? 1 : 0;
    counts.running += row.status == Status::running ? 1 : 0;
    counts.interrupted += row.interrupted ? 1 : 0;
  }
  counts.pending = counts.total - counts.completed - counts.failed - counts.running;
  return counts;
}

Folder open_folder(const std::filesystem::path& exp_folder, const base::Writer* self,
                   record::SeriesUse series) {
  for (int times = 1;; ++times) {
    finish_resplit(exp_folder);
    const auto logs = base::paths::existing_logs(exp_folder);
    // Logs that are split anew while they are read are read again.
    const auto is_split_anew = [&] {
      return times < most_readings &&
             (has_intent(exp_folder) || logs != base::paths::existing_logs(exp_folder));
    };
    try {
      Folder folder = read_folder(exp_folder, self, series);
      if (!is_split_anew()) return folder;
    } catch (const Error&) {
      if (!is_split_anew()) throw;
    }
  }
}

Folder read_some_logs(const Folder& folder, const std::vector<std::filesystem::path>& logs,
                      const std::vector<std::filesystem::path>& attempts,
                      const base::Writer* self) {
  Folder some{folder.path, folder.yaml, folder.configs, {}};
  for (const auto& log : logs) {
    if (!std::filesystem::exists(log)) continue;
    some.log_paths.push_back(log);
    add_log(some, log, is_written(folder.path, log, self), record::SeriesUse::checked);
  }
  keep_speaking_rows(some, some.rows);
  find_interrupted(some, attempts);
  return some;
}

ExperimentLog open_log(const std::filesystem::path& log, const base::Writer* self) {
  const auto exp_folder = base::paths::folder_of(log);
  finish_resplit(exp_folder);
  record::LogFile read = record::read_log(log);
  if (!is_written(exp_folder, log, self)) {
    auto statuses = statuses_of(read.log);
    (void)fail_lost_rows(read.log, statuses);
  }
  return std::move(read.log);
}

std::vector<ExperimentLog> open_logs(const std::filesystem::path& exp_folder,
                                     const base::Writer* self) {
  finish_resplit(exp_folder);
  refuse_orphans(exp_folder);
  std::vector<ExperimentLog> logs;
  for (const auto& path : base::paths::logs_in(exp_folder)) {
    logs.push_back(open_log(path, self));
  }
  return logs;
}

FileStamps stamps_of(const std::vector<std::filesystem::path>& files) {
  FileStamps stamps;
  for (const auto& file : files) {
    std::error_code none;
    const auto size = std::filesystem::file_size(file, none);
    const auto written = file.extension() == ".writer"
                             ? std::filesystem::file_time_type()
                             : std::filesystem::last_write_time(file, none);
    stamps.emplace_back(file, size, written);
  }
  return stamps;
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
