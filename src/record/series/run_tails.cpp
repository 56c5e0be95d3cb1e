#include "record/series/run_tails.hpp"

#include <algorithm>

#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::record {

namespace {

template <typename Series>
auto find_in(Series& series, std::string_view metric) {
  return std::find_if(series.begin(), series.end(),
                      [metric](const auto& item) { return item.first == metric; });
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

}  // namespace malet::record
