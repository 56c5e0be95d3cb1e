#include "sweep/recording/log_writer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "malet/experiment.hpp"
#include "record/journal/run_series.hpp"
#include "record/log/log_access.hpp"
#include "record/series/series_segments.hpp"
#include "record/table/tsv.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/row_matcher.hpp"

namespace malet::sweep {

namespace {

enum Info : std::size_t { datetime, duration, commit, status };

/// Stands for the config of a row that is not to be written.
constexpr std::uint64_t dropped = no_index - 1;

/// The rows sorted by config.
std::vector<std::uint32_t> grid_order(const std::vector<std::uint64_t>& row_indices) {
  std::vector<std::uint32_t> order(row_indices.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::erase_if(order, [&](std::uint32_t row) { return row_indices[row] == dropped; });
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return row_indices[a] < row_indices[b];
  });
  return order;
}

bool is_in_order(const std::vector<std::uint64_t>& row_indices) {
  return std::is_sorted(row_indices.begin(), row_indices.end()) &&
         !std::binary_search(row_indices.begin(), row_indices.end(), dropped);
}

/// What cannot be merged now, say for want of room, is merged after another snapshot.
void merge_segments(const std::filesystem::path& log, const std::function<void()>& last_check) {
  try {
    record::merge_segments(log, last_check);
  } catch (const Error&) {
    return;
  }
}

}  // namespace

record::FileMark LogSnapshot::write(const std::function<void()>& last_check) const {
  if (!flaw.empty()) throw Error(ErrorKind::internal, flaw);
  if (!series.empty()) {
    if (journal.get() >= 0 && ::fdatasync(journal.get()) != 0) {
      throw Error(ErrorKind::internal,
                  fmt::format("{}: cannot be synced: {}", base::paths::journal(file).string(),
                              std::strerror(errno)));
    }
    record::write_segment(file, series, last_check);
  }
  const auto mark =
      is_in_order(row_indices)
          ? record::write_tsv(file, header, table, {}, last_check)
          : record::write_tsv(file, header, table, grid_order(row_indices), last_check);
  if (!series.empty()) merge_segments(file, last_check);
  return mark;
}

LogWriter::LogWriter(ExperimentLog log, std::vector<std::uint64_t> row_indices,
                     const ConfigIter& configs, std::string commit_hash)
    : log_(std::move(log)),
      row_indices_(std::move(row_indices)),
      configs_(configs),
      commit_hash_(std::move(commit_hash)),
      values_(configs.grid_fields().size()) {
  const auto& axes = configs.grid_fields();
  const Value statics(configs.static_configs());
  for (const std::string& name : log_.grid_fields()) {
    const auto axis = std::find(axes.begin(), axes.end(), name);
    GridColumn column;
    if (axis != axes.end()) {
      column.axis = static_cast<std::size_t>(axis - axes.begin());
    } else if (const Value* value = statics.find(name)) {
      column.fixed = to_cell(*value, ListStyle::tuple);
    }
    grid_columns_.push_back(std::move(column));
  }
  for (std::size_t i = 0; i < Experiment::infos().size(); ++i) {
    info_columns_[i] = metric_column(Experiment::infos()[i], i);
  }
  const auto status_column = record::table_of(log_).column("status");
  for (std::size_t row = 0; row < row_indices_.size(); ++row) {
    if (row_indices_[row] == no_index || !status_column) continue;
    if (parse_status(record::table_of(log_).cell(row, *status_column)) == Status::complete)
      continue;
    rows_[row_indices_[row]] = row;
  }
}

std::size_t LogWriter::metric_column(std::string_view name, std::size_t guess) {
  const auto& names = record::table_of(log_).metric_fields();
  if (guess < names.size() && names[guess] == name) return guess;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::size_t added = names.size();
  record::change_table(log_).add_metric_field(std::string(name));
  if (journal_) record::append_column(journal_->pending(), name);
  changed_ = true;
  return added;
}

std::string_view LogWriter::refusal(std::string_view metric) const {
  const auto is_in = [&](const std::vector<std::string>& names) {
    return std::find(names.begin(), names.end(), metric) != names.end();
  };
  if (is_in(Experiment::infos())) return "has the name of an info column";
  const auto& statics = log_.static_configs();
  const auto has_name = [&](const auto& field) { return field.first == metric; };
  if (is_in(log_.grid_fields()) || std::any_of(statics.begin(), statics.end(), has_name)) {
    return "has the name of a config field";
  }
  return base::name_flaw(metric);
}

void LogWriter::put(std::uint64_t index, const RowContent& content) {
  if (series_ && journal_) series_->note(index, journal_->pending());
  write_cells(content);
  write_line(index);
  store(index, false);
  if (series_) series_->collect(index);
}

void LogWriter::put_end(std::uint64_t index, const RowContent& content,
                        const std::vector<std::string>& series) {
  write_cells(content);
  write_line(index);
  store(index, content.status == 'C');
  if (journal_) append_ended_row(index, series);
  if (series_) series_->collect(index);
}

void LogWriter::append_ended_row(std::uint64_t index, const std::vector<std::string>& series) {
  std::vector<std::size_t> columns;
  std::vector<std::size_t> lengths;
  if (series_) {
    series_->note(index, journal_->pending());
    for (const auto& [name, length] : series_->lengths(index)) {
      columns.push_back(grid_columns_.size() + metric_column(name, 0));
      lengths.push_back(length);
    }
  } else if (!series.empty()) {
    columns = clear_cells(series);
    write_line(index);
  }
  record::append_row(journal_->pending(), index, columns, line_, lengths);
  if (!starts_.empty()) starts_.erase(index);
}

/// Puts the line where it belongs.
void LogWriter::store(std::uint64_t index, bool complete) {
  changed_ = true;
  const auto known = rows_.empty() ? rows_.end() : rows_.find(index);
  if (known != rows_.end()) {
    record::change_table(log_).replace(known->second, line_);
    if (complete) rows_.erase(known);
    return;
  }
  const std::size_t row = record::change_table(log_).append(line_);
  row_indices_.push_back(index);
  if (!complete) rows_[index] = row;
}

void LogWriter::forget(std::uint64_t index) {
  starts_.erase(index);
  const auto known = rows_.find(index);
  if (known == rows_.end()) return;
  row_indices_[known->second] = dropped;
  rows_.erase(known);
  changed_ = true;
}

void LogWriter::note_start(std::uint64_t index, base::Micros at) {
  if (!journal_ || starts_.contains(index)) return;
  write_grid_line(index);
  std::string record;
  record::append_start(record, {index, at, line_});
  journal_->pending() += record;
  starts_.emplace(index, std::move(record));
}

void LogWriter::note_step(std::uint64_t index, record::StepRecord::Kind kind, const Metrics& before,
                          const Metrics& step) {
  if (!journal_) return;
  record::StepRecord record{index, kind, {}, step};
  for (const auto& [name, value] : step) {
    record.positions.push_back(record::series_length(before, name));
  }
  record::append_step(journal_->pending(), record);
}

/// The cells of the metric columns, in cells_.
void LogWriter::write_cells(const RowContent& content) {
  for (std::string& cell : cells_) cell.clear();
  const auto cell_of = [this](std::size_t column) -> std::string& {
    if (cells_.size() <= column) cells_.resize(column + 1);
    return cells_[column];
  };
  datetime_.append(cell_of(info_columns_[datetime]), content.at);
  base::append_duration(cell_of(info_columns_[duration]), content.duration);
  cell_of(info_columns_[commit]) = commit_hash_;
  cell_of(info_columns_[status]) = content.status;
  std::size_t guess = 4;
  for (const auto& [name, value] : *content.metrics) {
    const std::size_t column = metric_column(name, guess);
    std::string& cell = cell_of(column);
    cell.clear();  // where a name comes twice, the last one counts
    append_cell(cell, value);
    guess = column + 1;
  }
}

/// Empties the cells of these metrics; gives their columns.
std::vector<std::size_t> LogWriter::clear_cells(const std::vector<std::string>& names) {
  std::vector<std::size_t> columns;
  for (const std::string& name : names) {
    const std::size_t column = metric_column(name, 0);
    cells_.at(column).clear();
    columns.push_back(grid_columns_.size() + column);
  }
  std::sort(columns.begin(), columns.end());
  return columns;
}

void LogWriter::write_grid_line(std::uint64_t index) {
  line_.clear();
  configs_.parsed().decode(index, values_);
  for (const GridColumn& column : grid_columns_) {
    if (&column != &grid_columns_.front()) line_ += '\t';
    if (!column.axis) {
      record::append_escaped(line_, column.fixed);
    } else if (const GridValue* value = values_[*column.axis]) {
      record::append_escaped(line_, value->cell);
    }
  }
}

void LogWriter::write_line(std::uint64_t index) {
  write_grid_line(index);
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (i > 0 || !grid_columns_.empty()) line_ += '\t';
    record::append_escaped(line_, cells_[i]);
  }
}

void LogWriter::snapshot(const std::function<void()>& last_check) {
  const LogSnapshot content = begin_snapshot();
  try {
    end_snapshot(content.write(last_check), last_check);
  } catch (...) {
    fail_snapshot();
    throw;
  }
}

LogSnapshot LogWriter::begin_snapshot() {
  changed_ = false;
  note_series();
  mark_ = {journal_ ? journal_->end() : 0, log_.metric_fields().size(), {}, 0};
  for (const auto& [index, record] : starts_) mark_.starts += record;
  LogSnapshot content{log_.logs_file(), log_.header(), record::table_of(log_), row_indices_};
  if (!series_ || series_->waiting().empty()) return content;
  content.series = series_->waiting();
  mark_.pieces = content.series.size();
  // A segment must not know more than a journal that the system loses the end of.
  if (journal_ && !journal_->flush()) content.flaw = journal_->why();
  if (journal_) content.journal = journal_->duplicate();
  return content;
}

void LogWriter::end_snapshot(const record::FileMark& written,
                             const std::function<void()>& last_check) {
  on_disk_ = written;
  if (series_) series_->written(mark_.pieces);
  mark_.pieces = 0;
  if (journal_) journal_->restart(journal_beginning(), mark_.journal_end, last_check);
}

void LogWriter::begin_journal() {
  if (!on_disk_) on_disk_ = record::mark_of(base::read_file(log_.logs_file()));
  mark_ = {0, log_.metric_fields().size(), {}, 0};
  journal_.emplace(base::paths::journal(log_.logs_file()), journal_beginning());
}

/// What a journal begins with that goes on from the last snapshot.
std::string LogWriter::journal_beginning() const {
  record::JournalHeader header{*on_disk_, log_.grid_fields(), log_.metric_fields(),
                               series_.has_value()};
  header.metric_fields.resize(mark_.metric_columns);
  std::string text;
  record::append_header(text, header);
  return text + mark_.starts;
}

void LogWriter::close_journal() {
  if (journal_) journal_->remove();
  journal_.reset();
  starts_.clear();
}

}  // namespace malet::sweep
