#include "record/series/log_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text/run_id.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "record/table/table.hpp"

namespace malet::record {

namespace {

std::vector<std::uint64_t> runs_in(const SeriesStore& store) {
  std::vector<std::uint64_t> runs;
  for (std::size_t place = 0; place < store.size(); ++place) {
    const std::uint64_t run = store.series(place).run;
    if (runs.empty() || runs.back() != run) runs.push_back(run);
  }
  return runs;
}

/// The rows of each run that has series.
using RowsByRun = std::unordered_map<std::uint64_t, std::vector<std::size_t>>;

RowsByRun rows_of(const ExperimentLog& log, const std::vector<std::uint64_t>& runs) {
  RowsByRun rows;
  for (const std::uint64_t run : runs) rows[run];
  RunIds ids(log.static_configs(), log.grid_fields());
  const Table& table = log.table();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto known = rows.find(ids.of_row(table, row));
    if (known != rows.end()) known->second.push_back(row);
  }
  return rows;
}

/// Whether a cell says what is stored: the last value, or the whole series.
bool says(std::string_view cell, const LogSeries& series, std::uint64_t run,
          const std::string& metric, const Value& last) {
  if (agrees(cell, last)) return true;
  const Value said = from_cell(cell);
  if (!said.is_list()) return false;
  return to_cell(said) == to_cell(Value(series.read(run, metric).list()));
}

void check_run(const ExperimentLog& log, const LogSeries& series, std::uint64_t run,
               const std::vector<std::size_t>& rows) {
  const Table& table = log.table();
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

[[noreturn]] void fail_unknown(const ExperimentLog& log, const LogSeries& series,
                               std::uint64_t run) {
  series.store().fail(
      fmt::format("has series of run {}, which {} does not have: put the log back that belongs "
                  "to it, or leave these series out by `malet-mpi compact --drop-unknown`",
                  base::run_id_text(run), log.logs_file().filename().string()));
}

}  // namespace

const RunTails* LogSeries::tails_of(std::uint64_t run) const {
  const auto found = tails_.find(run);
  return found == tails_.end() ? nullptr : &found->second;
}

std::optional<LogSeries::Found> LogSeries::find(std::uint64_t run, std::string_view metric) const {
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

std::vector<std::string> LogSeries::metrics_of(std::uint64_t run) const {
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

NumberSeries LogSeries::read(std::uint64_t run, std::string_view metric) const {
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

void LogSeries::require_beginning(std::uint64_t run, std::string_view metric, std::size_t stored,
                                  std::size_t begin) const {
  if (stored >= begin) return;
  store_.fail(fmt::format(
      "the series {} of run {} has {} elements up to segment {}, and the journal goes on behind "
      "element {}: put the segments back that follow it, or the log.h5 that belongs to the log",
      metric, base::run_id_text(run), stored, store_.last_segment(), begin));
}

void LogSeries::require_beginnings() const {
  for (const auto& [run, tails] : tails_) {
    for (const auto& [metric, tail] : tails.series) {
      if (tail.begin() == 0) continue;
      const auto place = store_.find(run, metric);
      require_beginning(run, metric, place ? store_.series(*place).length : 0, tail.begin());
    }
  }
}

std::vector<std::uint64_t> LogSeries::runs() const {
  std::vector<std::uint64_t> runs = runs_in(store_);
  for (const auto& [run, tails] : tails_) runs.push_back(run);
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  std::erase_if(
      runs, [this](std::uint64_t run) { return tails_.contains(run) && metrics_of(run).empty(); });
  return runs;
}

std::vector<std::shared_ptr<const SeriesPiece>> LogSeries::unstored() const {
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

bool agrees(std::string_view cell, const Value& last) {
  constexpr double digits = 1e-14;
  if (to_cell(last) == cell) return true;
  const Value said = from_cell(cell);
  if (!said.is_number() || !last.is_number()) return false;
  return std::abs(said.number() - last.number()) <= digits * std::abs(last.number());
}

RunCounts count_runs(const ExperimentLog& log, const SeriesStore& store) {
  const std::vector<std::uint64_t> runs = runs_in(store);
  RunCounts counts{runs.size(), 0};
  for (const auto& [run, rows] : rows_of(log, runs)) {
    if (rows.empty()) ++counts.unknown;
  }
  return counts;
}

void check_series(const ExperimentLog& log, const LogSeries& series, bool may_lack_runs) {
  series.require_beginnings();
  const std::vector<std::uint64_t> runs = series.runs();
  if (runs.empty()) return;
  const RowsByRun rows = rows_of(log, runs);
  for (const std::uint64_t run : runs) {
    const bool is_unknown = rows.at(run).empty();
    if (is_unknown && !may_lack_runs) fail_unknown(log, series, run);
    if (!is_unknown) check_run(log, series, run, rows.at(run));
  }
}

}  // namespace malet::record
