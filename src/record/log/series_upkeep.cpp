#include "record/log/series_upkeep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/files/paths.hpp"
#include "base/text/run_id.hpp"
#include "base/text/text_parts.hpp"
#include "record/log/log_access.hpp"
#include "record/series/series_segments.hpp"
#include "record/table/cells.hpp"

namespace malet::record {

namespace {

/// The rows of each run that has series.
using RowsByRun = std::unordered_map<std::uint64_t, std::vector<std::size_t>>;

RowsByRun rows_by_run(const ExperimentLog& log, const std::vector<std::uint64_t>& runs) {
  RowsByRun rows;
  for (const std::uint64_t run : runs) rows[run];
  RunIds ids(log.static_configs(), log.grid_fields());
  const Table& table = table_of(log);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto known = rows.find(ids.of_row(table, row));
    if (known != rows.end()) known->second.push_back(row);
  }
  return rows;
}

/// Whether a cell says what is stored: the last value, or the whole series.
bool says(std::string_view cell, const SeriesByRun& series, std::uint64_t run,
          const std::string& metric, const Value& last) {
  if (agrees(cell, last)) return true;
  const Value said = from_cell(cell);
  if (!said.is_list()) return false;
  return to_cell(said) == to_cell(Value(series.read(run, metric).list()));
}

void check_run(const ExperimentLog& log, const SeriesByRun& series, std::uint64_t run,
               const std::vector<std::size_t>& rows) {
  const Table& table = table_of(log);
  const std::string name = log.logs_file().filename().string();
  for (const std::string& metric : series.metrics_of(run)) {
    const auto found = series.find(run, metric);
    if (!found || !found->last) continue;
    const auto column = table.column(metric);
    const auto says_it = [&](std::size_t row) {
      return column && says(table.cell(row, *column), series, run, metric, *found->last);
    };
    if (std::any_of(rows.begin(), rows.end(), says_it)) continue;
    const std::string cell = column ? table.cell(rows.back(), *column) : std::string();
    series.store().fail(fmt::format(
        "the series {} of run {} has {} elements and ends with {}, but row {} of {} says '{}': one "
        "of the two files is another log's or was edited, put the one back that belongs to the "
        "other",
        metric, base::run_id_text(run), found->length, to_cell(*found->last), rows.back(), name,
        base::excerpt(cell)));
  }
}

[[noreturn]] void fail_unknown(const ExperimentLog& log, const SeriesByRun& series,
                               std::uint64_t run) {
  series.store().fail(
      fmt::format("has series of run {}, which {} does not have: put the log back that belongs "
                  "to it, or leave these series out by `malet-mpi compact --drop-unknown`",
                  base::run_id_text(run), log.logs_file().filename().string()));
}

/// A stored series, and the row that it belongs to.
struct Source {
  std::size_t row;
  const SeriesStore* store;
  std::size_t place;
};

/// The series of a log's rows, in their order.
/// \param store_of of a row; nullptr: it has no series.
/// \param visit gets each Source.
template <typename StoreOf, typename Visit>
void visit_series(const ExperimentLog& log, StoreOf store_of, Visit visit) {
  RunIds ids(log.static_configs(), log.grid_fields());
  for (std::size_t row = 0; row < log.size(); ++row) {
    const SeriesStore* store = store_of(row);
    if (store == nullptr || store->size() == 0) continue;
    const std::uint64_t run = ids.of_row(table_of(log), row);
    for (auto [place, end] = store->places_of(run); place < end; ++place) {
      visit(Source{row, store, place});
    }
  }
}

/// Whether a row's cell has the last element of the series. If not, the cell was edited later or
/// belongs to another row of the same run, and keeps its value.
bool is_said(const ExperimentLog& log, const Source& source) {
  const StoredSeries series = source.store->series(source.place);
  const auto column = table_of(log).column(series.metric);
  return column && agrees(table_of(log).cell(source.row, *column), series.last);
}

/// The series of each run, once.
class OncePerRun {
 public:
  bool operator()(const Source& source) {
    const StoredSeries series = source.store->series(source.place);
    return seen_.emplace(series.run, series.metric).second;
  }

 private:
  std::set<std::pair<std::uint64_t, std::string_view>> seen_;
};

/// Writes log.h5 of a log.
void write_file(const ExperimentLog& log, SegmentRange range, std::span<const Source> sources,
                const std::function<void()>& last_check) {
  SeriesSize size;
  for (const Source& source : sources) source.store->add_size(source.place, size);
  const auto file = base::paths::series(log.logs_file());
  auto writer = SeriesFileWriter::packed(file, range, size);
  std::vector<std::vector<std::string>> columns(log.grid_fields().size());
  for (const Source& source : sources) {
    const std::size_t runs = writer.runs().size();
    const StoredSeries series = source.store->series(source.place);
    writer.add(series.run, series.metric, source.store->read(source.place));
    const bool is_new = writer.runs().size() > runs;
    for (std::size_t i = 0; is_new && i < columns.size(); ++i) {
      columns[i].push_back(table_of(log).cell(source.row, i));
    }
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    writer.add_configs(log.grid_fields()[i], columns[i]);
  }
  writer.finish(last_check);
}

/// Puts a series into its row's cell.
void inline_series(Table& table, const Source& source) {
  const auto column = table.column(source.store->series(source.place).metric);
  if (column)
    table.replace_cell(source.row, *column,
                       to_cell(Value(source.store->read(source.place).list())));
}

}  // namespace

RunCounts count_runs(const ExperimentLog& log, const SeriesStore& store) {
  const std::vector<std::uint64_t> runs = store.runs();
  RunCounts counts{runs.size(), 0};
  for (const auto& [run, rows] : rows_by_run(log, runs)) {
    if (rows.empty()) ++counts.unknown;
  }
  return counts;
}

void check_series(const ExperimentLog& log, const SeriesByRun& series, bool may_lack_runs) {
  series.require_beginnings();
  const std::vector<std::uint64_t> runs = series.runs();
  if (runs.empty()) return;
  const RowsByRun rows = rows_by_run(log, runs);
  for (const std::uint64_t run : runs) {
    const bool is_unknown = rows.at(run).empty();
    if (is_unknown && !may_lack_runs) fail_unknown(log, series, run);
    if (!is_unknown) check_run(log, series, run, rows.at(run));
  }
}

void inline_series(ExperimentLog& log) {
  const auto series = series_of(log);
  if (!series) return;
  SeriesByRow rows(series, log.static_configs(), log.grid_fields());
  Table& table = change_table(log);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (auto line = rows.whole_line(table, row)) table.replace(row, *line);
  }
  set_series(log, nullptr);
}

ExperimentLog with_inline_series(const ExperimentLog& log) {
  ExperimentLog whole = log;
  inline_series(whole);
  return whole;
}

void drop_series(ExperimentLog& log, const Config& config, const Metrics& metrics) {
  const auto series = series_of(log);
  if (!series) return;
  LineBuilder line;
  for (const std::string& field : log.grid_fields()) {
    const Value* value = config.find(field);
    line.add(value == nullptr ? Value() : *value, ListStyle::tuple);
  }
  const std::uint64_t run = RunIds(log.static_configs(), log.grid_fields()).of_line(line.line());
  std::vector<std::shared_ptr<const SeriesPiece>> pieces;
  for (const auto& [name, value] : metrics) {
    if (!series->find(run, name)) continue;
    pieces.push_back(std::make_shared<const SeriesPiece>(SeriesPiece{run, name, {}}));
  }
  if (pieces.empty()) return;
  write_segment(log.logs_file(), pieces);
  set_series(log, std::make_shared<const SeriesByRun>(SeriesStore::open(log.logs_file())));
}

bool write_series(ExperimentLog& log, std::span<const SeriesStore* const> stores) {
  std::vector<Source> sources;
  std::vector<Source> others;
  OncePerRun is_first;
  visit_series(
      log, [&](std::size_t row) { return stores[row]; },
      [&](const Source& source) {
        if (is_said(log, source)) (is_first(source) ? sources : others).push_back(source);
      });
  for (const Source& other : others) inline_series(change_table(log), other);
  if (!sources.empty()) write_file(log, {1, 0}, sources, {});
  return !sources.empty();
}

bool compact_series(const ExperimentLog& log, const std::function<void()>& last_check,
                    bool always) {
  const auto& path = log.logs_file();
  const SeriesStore store = SeriesStore::open(path);
  const SegmentRange range{1, store.last_segment()};
  const bool is_due = always || store.has_segments();
  if (is_due) {
    std::vector<Source> sources;
    OncePerRun is_first;
    visit_series(
        log, [&](std::size_t) { return &store; },
        [&](const Source& source) {
          if (is_first(source)) sources.push_back(source);
        });
    write_file(log, range, sources, last_check);
  }
  remove_segments(path, range);  // also those that a job was killed before it removed
  return is_due;
}

}  // namespace malet::record
