#include "record/log/series_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text/run_id.hpp"
#include "record/table/cells.hpp"

namespace malet::record {

bool agrees(std::string_view cell, const Value& last) {
  constexpr double digits = 1e-14;
  if (to_cell(last) == cell) return true;
  const Value said = from_cell(cell);
  if (!said.is_number() || !last.is_number()) return false;
  return std::abs(said.number() - last.number()) <= digits * std::abs(last.number());
}

const RunTails* SeriesByRun::tails_of(std::uint64_t run) const {
  const auto found = tails_.find(run);
  return found == tails_.end() ? nullptr : &found->second;
}

std::optional<SeriesByRun::Found> SeriesByRun::find(std::uint64_t run,
                                                    std::string_view metric) const {
  const RunTails* tails = tails_of(run);
  const NumberSeries* tail = tails == nullptr ? nullptr : tails->find(metric);
  if (tail != nullptr && tail->size() == 0) return std::nullopt;
  if (tail != nullptr && !tail->back().is_null()) return Found{tail->size(), tail->back()};
  if (tail == nullptr && tails != nullptr && tails->complete) return std::nullopt;
  const auto place = store_.find(run, metric);
  if (tail == nullptr && !place) return std::nullopt;
  if (place) {
    const StoredSeries stored = store_.series(*place);
    if (tail == nullptr || stored.length == tail->size()) return Found{stored.length, stored.last};
  }
  return Found{tail->size(), std::nullopt};
}

std::vector<std::string> SeriesByRun::metrics_of(std::uint64_t run) const {
  std::vector<std::string> metrics;
  for (auto [place, end] = store_.places_of(run); place < end; ++place) {
    metrics.emplace_back(store_.series(place).metric);
  }
  if (const RunTails* tails = tails_of(run)) {
    for (const auto& [name, tail] : tails->series) {
      if (std::find(metrics.begin(), metrics.end(), name) == metrics.end()) {
        metrics.push_back(name);
      }
    }
  }
  std::erase_if(metrics, [&](const std::string& metric) { return !find(run, metric); });
  return metrics;
}

NumberSeries SeriesByRun::read(std::uint64_t run, std::string_view metric) const {
  const RunTails* tails = tails_of(run);
  const NumberSeries* tail = tails == nullptr ? nullptr : tails->find(metric);
  const std::size_t stored = tail == nullptr ? SIZE_MAX : tail->begin();
  NumberSeries series;
  const auto place = stored == 0 ? std::nullopt : store_.find(run, metric);
  if (place) series = store_.read(*place, stored);
  if (tail == nullptr) return series;
  require_beginning(run, metric, series.size(), tail->begin());
  series.put(*tail);
  return series;
}

void SeriesByRun::require_beginning(std::uint64_t run, std::string_view metric, std::size_t stored,
                                    std::size_t begin) const {
  if (stored >= begin) return;
  store_.fail(fmt::format(
      "the series {} of run {} has {} elements up to segment {}, and the journal goes on behind "
      "element {}: put the segments back that follow it, or the log.h5 that belongs to the log",
      metric, base::run_id_text(run), stored, store_.last_segment(), begin));
}

void SeriesByRun::require_beginnings() const {
  for (const auto& [run, tails] : tails_) {
    for (const auto& [metric, tail] : tails.series) {
      if (tail.begin() == 0) continue;
      const auto place = store_.find(run, metric);
      require_beginning(run, metric, place ? store_.series(*place).length : 0, tail.begin());
    }
  }
}

std::vector<std::uint64_t> SeriesByRun::runs() const {
  std::vector<std::uint64_t> runs = store_.runs();
  for (const auto& [run, tails] : tails_) runs.push_back(run);
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  std::erase_if(
      runs, [this](std::uint64_t run) { return tails_.contains(run) && metrics_of(run).empty(); });
  return runs;
}

std::vector<std::shared_ptr<const SeriesPiece>> SeriesByRun::unstored() const {
  std::vector<std::shared_ptr<const SeriesPiece>> pieces;
  const auto add = [&](std::uint64_t run, std::string_view metric, const NumberSeries& values) {
    pieces.push_back(
        std::make_shared<const SeriesPiece>(SeriesPiece{run, std::string(metric), values}));
  };
  for (const auto& [run, tails] : tails_) {
    for (auto [place, end] = store_.places_of(run); tails.complete && place < end; ++place) {
      const std::string_view metric = store_.series(place).metric;
      if (tails.find(metric) == nullptr) add(run, metric, {});
    }
    for (const auto& [name, tail] : tails.series) {
      const auto place = store_.find(run, name);
      const std::size_t stored = place ? store_.series(*place).length : 0;
      const bool says_it = stored == tail.size() && tail.begin() == tail.size();
      if (!says_it) add(run, name, tail);
    }
  }
  return pieces;
}

std::optional<std::size_t> SeriesByRow::length(const Table& table, std::size_t row,
                                               std::string_view metric) {
  const auto column = table.column(metric);
  if (!column || *column < table.grid_fields().size()) return std::nullopt;
  const auto found = series_->find(ids_.of_row(table, row), metric);
  if (!found) return std::nullopt;
  if (found->last && !agrees(table.cell(row, *column), *found->last)) return std::nullopt;
  return found->length;
}

std::optional<NumberSeries> SeriesByRow::read(const Table& table, std::size_t row,
                                              std::string_view metric) {
  if (!length(table, row, metric)) return std::nullopt;
  return series_->read(ids_.of_row(table, row), metric);
}

std::optional<std::string> SeriesByRow::whole_line(const Table& table, std::size_t row) {
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

}  // namespace malet::record
