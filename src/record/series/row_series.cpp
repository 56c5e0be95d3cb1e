#include "record/series/row_series.hpp"

#include <utility>
#include <vector>

#include "record/table/line_builder.hpp"

namespace malet::record {

std::optional<std::size_t> RowSeries::length(const Table& table, std::size_t row,
                                             std::string_view metric) {
  const auto column = table.column(metric);
  if (!column || *column < table.grid_fields().size()) return std::nullopt;
  const auto found = series_->find(ids_.of_row(table, row), metric);
  if (!found) return std::nullopt;
  if (found->last && !agrees(table.cell(row, *column), *found->last)) return std::nullopt;
  return found->length;
}

std::optional<NumberSeries> RowSeries::read(const Table& table, std::size_t row,
                                            std::string_view metric) {
  if (!length(table, row, metric)) return std::nullopt;
  return series_->read(ids_.of_row(table, row), metric);
}

std::optional<std::string> RowSeries::whole_line(const Table& table, std::size_t row) {
  LineBuilder builder;
  CellWalk walk(table.line(row));
  std::string_view cell;
  bool changed = false;
  for (std::size_t column = 0; column < table.cells(row) && walk.next(cell); ++column) {
    const bool is_metric = column >= table.grid_fields().size();
    const auto whole =
        is_metric ? read(table, row, table.metric_fields()[column - table.grid_fields().size()])
                  : std::nullopt;
    changed = changed || whole;
    if (whole) {
      builder.add(Value(whole->list()), ListStyle::list);
    } else {
      builder.add_escaped(cell);
    }
  }
  return changed ? std::optional(builder.line()) : std::nullopt;
}

void inline_series(ExperimentLog& log) {
  const auto series = log.series();
  if (!series) return;
  RowSeries rows(series, log.static_configs(), log.grid_fields());
  Table& table = log.table();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (auto line = rows.whole_line(table, row)) table.replace(row, *line);
  }
  log.set_series(nullptr);
}

ExperimentLog with_inline_series(const ExperimentLog& log) {
  ExperimentLog whole = log;
  inline_series(whole);
  return whole;
}

void drop_series(ExperimentLog& log, const Config& config, const Metrics& metrics) {
  const auto series = log.series();
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
  log.set_series(std::make_shared<const LogSeries>(SeriesStore::open(log.logs_file())));
}

}  // namespace malet::record
