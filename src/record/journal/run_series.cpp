#include "record/journal/run_series.hpp"

#include <algorithm>

#include "base/text/reject.hpp"

namespace malet::record {

namespace {

template <typename Series>
auto find_in(Series& series, std::string_view metric) {
  return std::find_if(series.begin(), series.end(),
                      [metric](const auto& item) { return item.first == metric; });
}

/// The series of that name, made or turned into a list if need be.
Value::List& list_of(Metrics& series, std::string_view name) {
  Value* there = series.find(name);
  if (there == nullptr) {
    series.emplace_back(name, Value(Value::List{}));
    there = &series.back().second;
  } else if (!there->is_list()) {
    *there = Value(Value::List{*there});
  }
  return there->list();
}

}  // namespace

const NumberSeries* RunTails::find(std::string_view metric) const {
  const auto found = find_in(series, metric);
  return found == series.end() ? nullptr : &found->second;
}

NumberSeries& RunTails::at(std::string_view metric, std::size_t position) {
  const auto found = find_in(series, metric);
  if (found != series.end()) return found->second;
  if (complete && position > 0) {
    reject("is of a series whose beginning is not there");
  }
  series.emplace_back(metric, NumberSeries(position));
  return series.back().second;
}

void RunTails::drop(std::string_view metric) {
  const auto found = find_in(series, metric);
  if (found != series.end()) {
    found->second = NumberSeries();
  } else if (!complete) {
    series.emplace_back(metric, NumberSeries());
  }
}

void append_step(Metrics& series, const Metrics& step) {
  for (const auto& [name, value] : step) {
    Value::List& list = list_of(series, name);
    if (value.is_list()) {
      list.insert(list.end(), value.list().begin(), value.list().end());
    } else {
      list.push_back(value);
    }
  }
}

void replace_values(Metrics& series, const Metrics& values) {
  for (const auto& [name, value] : values) series.set(name, value);
}

std::size_t series_length(const Metrics& series, std::string_view name) {
  const Value* there = series.find(name);
  if (there == nullptr) return 0;
  return there->is_list() ? there->list().size() : 1;
}

void resize_series(Metrics& series, std::string_view name, std::size_t length) {
  if (series_length(series, name) != length) list_of(series, name).resize(length);
}

}  // namespace malet::record
