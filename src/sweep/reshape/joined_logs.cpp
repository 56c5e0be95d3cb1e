#include "sweep/reshape/joined_logs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "malet/error.hpp"
#include "record/log/columns.hpp"
#include "record/log/fields.hpp"
#include "record/log/log_access.hpp"
#include "record/log/series_views.hpp"
#include "sweep/folder/attempt_history.hpp"
#include "sweep/folder/row_matcher.hpp"

namespace malet::sweep {

namespace {

/// Appends the names that are not there yet.
void add_new(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more) {
    if (!record::holds(names, name)) names.push_back(name);
  }
}

Value::Map without(Value::Map fields, const std::vector<std::string>& names) {
  std::erase_if(fields, [&](const auto& field) { return record::holds(names, field.first); });
  return fields;
}

/// The index of the config that a line is about.
std::optional<std::uint64_t> index_of(const std::string& line, const ConfigIter& configs) {
  try {
    const Value attempt = base::read_json(line);
    const Value* config = attempt.find("config");
    if (config == nullptr || !config->is_map()) return {};
    return configs.index_of(Config(config->map()));
  } catch (const Error&) {
    return {};  // a line that a crash cut off
  }
}

}  // namespace

JoinedLogs::JoinedLogs(const Folder& folder) : folder_(folder) {
  std::vector<std::string> grid_fields;
  std::vector<std::string> metric_fields;
  for (const ExperimentLog& log : folder.logs) {
    add_new(grid_fields, log.grid_fields());
    add_new(metric_fields, log.metric_fields());
  }
  for (const ExperimentLog& log : folder.logs) {
    tables_.push_back(record::in_columns(record::table_of(log), log.static_configs(), grid_fields,
                                         metric_fields));
  }
  std::size_t all = 0;
  for (const auto& indices : folder.row_indices) all += indices.size();
  rows_.reserve(all);
  for (std::uint32_t log = 0; log < folder.logs.size(); ++log) {
    const auto& indices = folder.row_indices[log];
    for (std::uint32_t row = 0; row < indices.size(); ++row) {
      rows_.push_back({indices[row], log, row});
    }
  }
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const auto& a, const auto& b) { return a.index < b.index; });
}

std::string_view JoinedLogs::line(const JoinedRow& row) const {
  return tables_[row.log].line(row.row);
}

std::string JoinedLogs::whole_line(const JoinedRow& row) const {
  const ExperimentLog& log = folder_.logs[row.log];
  const record::Table& table = tables_[row.log];
  std::optional<std::string> whole;
  if (record::series_of(log)) {
    record::SeriesByRow series(record::series_of(log),
                               without(folder_.configs.static_configs(), table.grid_fields()),
                               table.grid_fields());
    whole = series.whole_line(table, row.row);
  }
  return whole ? std::move(*whole) : std::string(line(row));
}

bool JoinedLogs::is_complete(const JoinedRow& row) const {
  const record::Table& table = tables_[row.log];
  const auto column = table.column("status");
  return column && parse_status(table.cell(row.row, *column)) == Status::complete;
}

ExperimentLog JoinedLogs::log_of(std::span<const JoinedRow> rows,
                                 const std::filesystem::path& file) const {
  const auto& grid_fields = tables_.front().grid_fields();
  auto log = ExperimentLog::from_fields(grid_fields, tables_.front().metric_fields(), {}, file);
  // One may have a metric's name, as in Malet.
  log.set_static_configs(without(folder_.configs.static_configs(), grid_fields));
  record::Table& table = record::change_table(log);
  for (const record::Table& source : tables_) table.keep(source);
  table.reserve(rows.size());
  for (const JoinedRow& row : rows) table.adopt(line(row), tables_[row.log].cells(row.row));
  return log;
}

void JoinedLogs::fold_group(std::span<const JoinedRow> group, std::vector<JoinedRow>& kept) const {
  const std::uint32_t speaking = folder_.find(group.front().index)->log;
  std::vector<std::string> results;
  const auto keep = [&](const JoinedRow& row) {
    kept.push_back(row);
    results.push_back(whole_line(row));
  };
  for (const JoinedRow& row : group) {
    if (row.log == speaking) keep(row);
  }
  for (const JoinedRow& row : group) {
    if (row.log == speaking || !is_complete(row)) continue;
    if (!record::holds(results, whole_line(row))) keep(row);
  }
}

void JoinedLogs::fold() {
  std::vector<JoinedRow> kept;
  std::size_t written = 0;
  for (std::size_t begin = 0, end = 0; begin < rows_.size(); begin = end) {
    for (end = begin; end < rows_.size() && rows_[end].index == rows_[begin].index;) ++end;
    const std::span<const JoinedRow> group(&rows_[begin], end - begin);
    const bool is_of_one_log = group.front().log == group.back().log;  // sorted by log, too
    kept.clear();
    if (is_of_one_log || group.front().index == no_index) {
      kept.assign(group.begin(), group.end());
    } else {
      fold_group(group, kept);
    }
    for (const JoinedRow& row : kept) rows_[written++] = row;
  }
  rows_.resize(written);
}

AttemptSplit::AttemptSplit(const std::vector<std::filesystem::path>& logs,
                           const ConfigIter& configs, std::size_t splits)
    : lines_(splits) {
  for (const auto& log : logs) files_.push_back(base::paths::attempts(log));
  for (std::uint32_t file = 0; file < files_.size(); ++file) read(file, configs);
  // A config may have been run by one job after another, in the order of time and not of names.
  for (auto& lines : lines_) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& one, const Line& other) { return one.at < other.at; });
  }
}

void AttemptSplit::read(std::uint32_t file, const ConfigIter& configs) {
  std::ifstream in(files_[file], std::ios::binary);
  std::uint64_t begin = 0;
  base::Micros at{};
  for (std::string line; std::getline(in, line);) {
    at = std::max(at, attempt_finished(line));
    const std::size_t split =
        lines_.size() == 1 ? 0 : index_of(line, configs).value_or(0) % lines_.size();
    lines_[split].push_back({file, static_cast<std::uint32_t>(line.size()), begin, at});
    begin += line.size() + 1;
  }
}

void AttemptSplit::write(std::size_t split, const std::filesystem::path& file) const {
  base::AtomicFile out(file);
  std::ifstream in;
  std::optional<std::uint32_t> opened;
  std::string text;
  for (const Line& line : lines_[split]) {
    if (opened != line.file) {
      in = std::ifstream(files_[line.file], std::ios::binary);
      opened = line.file;
    }
    text.resize(line.size);
    in.seekg(static_cast<std::streamoff>(line.begin));
    if (!in.read(text.data(), static_cast<std::streamsize>(line.size))) {
      throw Error(ErrorKind::internal,
                  fmt::format("{}: cannot be read again", files_[line.file].string()));
    }
    out.write(text);
    out.write("\n");
  }
  out.commit();
}

}  // namespace malet::sweep
