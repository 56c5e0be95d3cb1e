#include "sweep/recording/series_writer.hpp"

#include <algorithm>

#include "record/series/series_store.hpp"

namespace malet::sweep {

namespace {

using Kind = record::StepRecord::Kind;

using Series = RunSeries::Series;

void forget(Metrics& metrics, std::string_view name) {
  std::erase_if(metrics, [name](const auto& item) { return item.first == name; });
}

Series* find_in(RunSeries& run, std::string_view name, std::size_t guess = 0) {
  if (guess < run.series.size() && run.series[guess].name == name) return &run.series[guess];
  for (Series& series : run.series) {
    if (series.name == name) return &series;
  }
  return nullptr;
}

void drop(RunSeries& run, std::string_view name) {
  std::erase_if(run.series, [name](const Series& series) { return series.name == name; });
}

bool is_series(const Value& value) {
  return value.is_list() && !value.list().empty() && record::NumberSeries::takes(value);
}

}  // namespace

/// What is there of a run that does not report now.
RunSeries SeriesWriter::known(const LiveRun* run, std::uint64_t run_id) const {
  if (run != nullptr && run->series) return *run->series;
  RunSeries known;
  known.run_id = run_id;
  if (!stored_) return known;
  for (std::string& metric : stored_->metrics_of(run_id)) {
    const auto found = stored_->find(run_id, metric);
    known.series.push_back({metric,
                            record::NumberSeries(found->length, found->last.value_or(Value())),
                            found->length});
    known.stored.push_back(std::move(metric));
  }
  return known;
}

void SeriesWriter::begin(LiveRun& run, std::uint64_t index, std::uint64_t run_id, bool goes_on,
                         Metrics& kept) {
  RunSeries begun = known(&run, run_id);
  begun.index = index;
  // A list that stands in the cell speaks for itself.
  std::erase_if(begun.series, [&](const Series& series) {
    const Value* value = kept.find(series.name);
    return !goes_on || (value != nullptr && value->is_list());
  });
  for (const Series& series : begun.series) forget(kept, series.name);
  run.series = std::move(begun);
}

bool SeriesWriter::append(RunSeries& run, const Metrics& step) {
  targets_.clear();
  for (std::size_t i = 0; i < step.size(); ++i) {
    Series* series = find_in(run, step[i].first, i);
    if (series == nullptr || !record::NumberSeries::takes(step[i].second)) return false;
    targets_.push_back(series);
  }
  for (std::size_t i = 0; i < step.size(); ++i) targets_[i]->values.append(step[i].second);
  if (!run.is_dirty) dirty_.push_back(run.index);
  run.is_dirty = true;
  return true;
}

void SeriesWriter::take(RunSeries& run, bool replaces, Metrics& live, Metrics& step,
                        std::string& journal) {
  note(run, journal);
  std::erase_if(step, [&](const auto& item) {
    const auto& [name, value] = item;
    if (!replaces) return append_value(run, live, name, value, journal);
    if (!is_series(value)) {
      drop(run, name);
      return false;
    }
    replace(run, live, name, value, journal);
    return true;
  });
}

/// A series takes the place of what stands under its name.
void SeriesWriter::replace(RunSeries& run, Metrics& live, const std::string& name,
                           const Value& value, std::string& journal) {
  forget(live, name);
  drop(run, name);
  run.series.push_back({name, {}, 0});
  Series& series = run.series.back();
  series.values.append(value);
  series.noted = series.values.size();
  record::append_series(journal, run.index, Kind::set, name, series.values.stretches());
}

/// A series of numbers that gets something else is one of values, which stands in its cell.
void SeriesWriter::spill(RunSeries& run, Metrics& live, const std::string& name,
                         std::string& journal) {
  const Series* series = find_in(run, name);
  live.set(name, Value(whole(run.run_id, *series).list()));
  drop(run, name);
  record::append_step(journal, {run.index, Kind::set, {0}, {{name, *live.find(name)}}});
}

/// Whether the value went to a series of numbers.
bool SeriesWriter::append_value(RunSeries& run, Metrics& live, const std::string& name,
                                const Value& value, std::string& journal) {
  const Value* before = live.find(name);
  const bool is_number = record::NumberSeries::takes(value) &&
                         (before == nullptr || record::NumberSeries::takes(*before));
  Series* series = find_in(run, name);
  if (!is_number) {
    if (series != nullptr) spill(run, live, name, journal);
    return false;
  }
  if (series == nullptr) {
    Value::List list;
    if (before != nullptr && before->is_list()) list = before->list();
    if (before != nullptr && !before->is_list()) list.push_back(*before);
    record::NumberSeries values;
    values.append(Value(list));
    values.append(value);
    if (values.size() == 0) return false;  // an empty list is a value by itself
    replace(run, live, name, Value(values.list()), journal);
    return true;
  }
  series->values.append(value);
  note(run, journal);
  return true;
}

void SeriesWriter::note(RunSeries& run, std::string& journal) {
  for (Series& series : run.series) {
    if (series.noted == series.values.size()) continue;
    record::append_series(journal, run.index, Kind::more, series.name,
                          series.values.stretches(series.noted));
    series.noted = series.values.size();
  }
  run.is_dirty = false;
}

void SeriesWriter::note_all(LiveRuns& runs, std::string& journal) {
  for (const std::uint64_t index : dirty_) {
    LiveRun* run = runs.find(index);
    if (run != nullptr && run->series && run->series->is_dirty) note(*run->series, journal);
  }
  dirty_.clear();
}

void SeriesWriter::note_whole(const RunSeries& run, std::string& journal) const {
  for (const Series& series : run.series) {
    record::append_series(journal, run.index, Kind::set, series.name,
                          whole(run.run_id, series).stretches());
  }
}

void SeriesWriter::add_piece(std::uint64_t run_id, const std::string& name,
                             record::NumberSeries values) {
  waiting_.push_back(std::make_shared<const record::SeriesPiece>(
      record::SeriesPiece{run_id, name, std::move(values)}));
}

void SeriesWriter::collect(RunSeries& run) {
  for (const std::string& name : run.stored) {
    if (find_in(run, name) == nullptr) add_piece(run.run_id, name, {});
  }
  run.stored.clear();
  for (Series& series : run.series) {
    if (series.values.size() == 0) continue;
    if (series.values.begin() < series.values.size()) {
      add_piece(run.run_id, series.name, series.values.take());
    }
    run.stored.push_back(series.name);
  }
}

void SeriesWriter::adopt(LiveRun& run, std::uint64_t index, std::uint64_t run_id,
                         const record::SeriesByRun& other) {
  RunSeries adopted;
  adopted.index = index;
  adopted.run_id = run_id;
  for (std::string& metric : other.metrics_of(run_id)) {
    record::NumberSeries values = other.read(run_id, metric);
    add_piece(run_id, metric, values.take());
    const std::size_t length = values.size();
    adopted.series.push_back({metric, std::move(values), length});
    adopted.stored.push_back(std::move(metric));
  }
  if (!adopted.series.empty()) run.series = std::move(adopted);
}

void SeriesWriter::complete(const LiveRun* run, std::uint64_t run_id, Metrics& last_values) const {
  for (const Series& series : known(run, run_id).series) {
    const Value* value = last_values.find(series.name);
    if (value != nullptr && value->is_list()) continue;
    last_values.set(series.name, Value(whole(run_id, series).list()));
  }
}

/// All elements, from wherever they are by now: files, pieces that wait, memory.
record::NumberSeries SeriesWriter::whole(std::uint64_t run_id, const Series& series) const {
  record::NumberSeries found;
  if (series.values.begin() > 0) {
    const record::SeriesStore store = record::SeriesStore::open(log_);
    if (const auto place = store.find(run_id, series.name)) found = store.read(*place);
    for (const auto& piece : waiting_) {
      if (piece->run == run_id && piece->metric == series.name) found.put(piece->values);
    }
  }
  found.put(series.values);
  return found;
}

void add_last_values(const RunSeries& run, Metrics& metrics) {
  for (const Series& series : run.series) {
    if (series.values.size() > 0) metrics.set(series.name, series.values.back());
  }
}

}  // namespace malet::sweep
