#include "sweep/recording/series_log.hpp"

#include <algorithm>

#include "record/series/series_store.hpp"

namespace malet::sweep {

namespace {

using Kind = record::StepRecord::Kind;

void forget(Metrics& metrics, std::string_view name) {
  std::erase_if(metrics, [name](const auto& item) { return item.first == name; });
}

bool is_series(const Value& value) {
  return value.is_list() && !value.list().empty() && record::NumberSeries::takes(value);
}

}  // namespace

SeriesLog::Run* SeriesLog::find(std::uint64_t index) {
  const auto found = runs_.find(index);
  return found == runs_.end() ? nullptr : &found->second;
}

SeriesLog::Series* SeriesLog::find_in(Run& run, std::string_view name, std::size_t guess) {
  if (guess < run.series.size() && run.series[guess].name == name) return &run.series[guess];
  for (Series& series : run.series) {
    if (series.name == name) return &series;
  }
  return nullptr;
}

void SeriesLog::drop(Run& run, std::string_view name) {
  std::erase_if(run.series, [name](const Series& series) { return series.name == name; });
}

/// What is there of a run that does not report now.
SeriesLog::Run SeriesLog::known(std::uint64_t index, std::uint64_t run) const {
  if (const auto left = left_.find(index); left != left_.end()) return left->second;
  Run known;
  known.id = run;
  if (!stored_) return known;
  for (std::string& metric : stored_->metrics_of(run)) {
    const auto found = stored_->find(run, metric);
    known.series.push_back({metric,
                            record::NumberSeries(found->length, found->last.value_or(Value())),
                            found->length});
    known.stored.push_back(std::move(metric));
  }
  return known;
}

void SeriesLog::begin(std::uint64_t index, std::uint64_t run, bool goes_on, Metrics& kept) {
  Run begun = known(index, run);
  left_.erase(index);
  // A list that stands in the cell speaks for itself.
  std::erase_if(begun.series, [&](const Series& series) {
    const Value* value = kept.find(series.name);
    return !goes_on || (value != nullptr && value->is_list());
  });
  for (const Series& series : begun.series) forget(kept, series.name);
  runs_.insert_or_assign(index, std::move(begun));
}

bool SeriesLog::append(std::uint64_t index, const Metrics& step) {
  Run* run = find(index);
  if (run == nullptr) return false;
  targets_.clear();
  for (std::size_t i = 0; i < step.size(); ++i) {
    Series* series = find_in(*run, step[i].first, i);
    if (series == nullptr || !record::NumberSeries::takes(step[i].second)) return false;
    targets_.push_back(series);
  }
  for (std::size_t i = 0; i < step.size(); ++i) targets_[i]->values.append(step[i].second);
  if (!run->is_dirty) dirty_.push_back(index);
  run->is_dirty = true;
  return true;
}

void SeriesLog::take(std::uint64_t index, bool replaces, Metrics& live, Metrics& step,
                     std::string& journal) {
  Run& run = runs_.at(index);
  note_run(index, run, journal);
  std::erase_if(step, [&](const auto& item) {
    const auto& [name, value] = item;
    if (!replaces) return append_value(index, run, live, name, value, journal);
    if (!is_series(value)) {
      drop(run, name);
      return false;
    }
    replace(index, run, live, name, value, journal);
    return true;
  });
}

/// A series takes the place of what stands under its name.
void SeriesLog::replace(std::uint64_t index, Run& run, Metrics& live, const std::string& name,
                        const Value& value, std::string& journal) {
  forget(live, name);
  drop(run, name);
  run.series.push_back({name, {}, 0});
  Series& series = run.series.back();
  series.values.append(value);
  series.noted = series.values.size();
  record::append_series(journal, index, Kind::set, name, series.values.stretches());
}

/// A series of numbers that gets something else is one of values, which stands in its cell.
void SeriesLog::spill(std::uint64_t index, Run& run, Metrics& live, const std::string& name,
                      std::string& journal) {
  const Series* series = find_in(run, name);
  live.set(name, Value(whole(run.id, *series).list()));
  drop(run, name);
  record::append_step(journal, {index, Kind::set, {0}, {{name, *live.find(name)}}});
}

/// Whether the value went to a series of numbers.
bool SeriesLog::append_value(std::uint64_t index, Run& run, Metrics& live, const std::string& name,
                             const Value& value, std::string& journal) {
  const Value* before = live.find(name);
  const bool is_number = record::NumberSeries::takes(value) &&
                         (before == nullptr || record::NumberSeries::takes(*before));
  Series* series = find_in(run, name);
  if (!is_number) {
    if (series != nullptr) spill(index, run, live, name, journal);
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
    replace(index, run, live, name, Value(values.list()), journal);
    return true;
  }
  series->values.append(value);
  note_run(index, run, journal);
  return true;
}

void SeriesLog::note_run(std::uint64_t index, Run& run, std::string& journal) {
  for (Series& series : run.series) {
    if (series.noted == series.values.size()) continue;
    record::append_series(journal, index, Kind::more, series.name,
                          series.values.stretches(series.noted));
    series.noted = series.values.size();
  }
  run.is_dirty = false;
}

void SeriesLog::note(std::uint64_t index, std::string& journal) {
  Run* run = find(index);
  if (run != nullptr) note_run(index, *run, journal);
}

void SeriesLog::note_all(std::string& journal) {
  for (const std::uint64_t index : dirty_) {
    Run* run = find(index);
    if (run != nullptr && run->is_dirty) note_run(index, *run, journal);
  }
  dirty_.clear();
}

void SeriesLog::note_whole(std::uint64_t index, std::string& journal) {
  const Run* run = find(index);
  if (run == nullptr) return;
  for (const Series& series : run->series) {
    record::append_series(journal, index, Kind::set, series.name,
                          whole(run->id, series).stretches());
  }
}

void SeriesLog::add_last_values(std::uint64_t index, Metrics& metrics) const {
  const auto run = runs_.find(index);
  if (run == runs_.end()) return;
  for (const Series& series : run->second.series) {
    if (series.values.size() > 0) metrics.set(series.name, series.values.back());
  }
}

std::vector<std::pair<std::string, std::size_t>> SeriesLog::lengths(std::uint64_t index) const {
  std::vector<std::pair<std::string, std::size_t>> lengths;
  const auto run = runs_.find(index);
  if (run == runs_.end()) return lengths;
  for (const Series& series : run->second.series) {
    if (series.values.size() > 0) lengths.emplace_back(series.name, series.values.size());
  }
  return lengths;
}

void SeriesLog::collect(std::uint64_t index) {
  Run* run = find(index);
  if (run == nullptr) return;
  const auto add = [&](const std::string& name, record::NumberSeries values) {
    waiting_.push_back(std::make_shared<const record::SeriesPiece>(
        record::SeriesPiece{run->id, name, std::move(values)}));
  };
  for (const std::string& name : run->stored) {
    if (find_in(*run, name) == nullptr) add(name, {});
  }
  run->stored.clear();
  for (Series& series : run->series) {
    if (series.values.size() == 0) continue;
    if (series.values.begin() < series.values.size()) add(series.name, series.values.take());
    run->stored.push_back(series.name);
  }
}

void SeriesLog::end(std::uint64_t index, bool may_return) {
  const auto run = runs_.find(index);
  if (run == runs_.end()) return;
  if (may_return) left_.insert_or_assign(index, std::move(run->second));
  runs_.erase(run);
}

void SeriesLog::adopt(std::uint64_t index, std::uint64_t run, const record::SeriesByRun& other) {
  Run adopted;
  adopted.id = run;
  for (std::string& metric : other.metrics_of(run)) {
    record::NumberSeries values = other.read(run, metric);
    waiting_.push_back(std::make_shared<const record::SeriesPiece>(
        record::SeriesPiece{run, metric, values.take()}));
    adopted.series.push_back({metric, std::move(values), 0});
    adopted.series.back().noted = adopted.series.back().values.size();
    adopted.stored.push_back(std::move(metric));
  }
  if (!adopted.series.empty()) left_.insert_or_assign(index, std::move(adopted));
}

void SeriesLog::complete(std::uint64_t index, std::uint64_t run, Metrics& last_values) const {
  for (const Series& series : known(index, run).series) {
    const Value* value = last_values.find(series.name);
    if (value != nullptr && value->is_list()) continue;
    last_values.set(series.name, Value(whole(run, series).list()));
  }
}

/// All elements, from wherever they are by now: files, pieces that wait, memory.
record::NumberSeries SeriesLog::whole(std::uint64_t run, const Series& series) const {
  record::NumberSeries found;
  if (series.values.begin() > 0) {
    const record::SeriesStore store = record::SeriesStore::open(log_);
    if (const auto place = store.find(run, series.name)) found = store.read(*place);
    for (const auto& piece : waiting_) {
      if (piece->run == run && piece->metric == series.name) found.put(piece->values);
    }
  }
  found.put(series.values);
  return found;
}

}  // namespace malet::sweep
