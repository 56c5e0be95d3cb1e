#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "malet/value.hpp"
#include "record/table/number_series.hpp"

namespace malet::record {

/// The series of a run as its journal continues those stored in HDF5.
struct RunTails {
  /// The run has no other series than these. If not, those that are not named are as they are
  /// stored.
  bool complete = false;
  /// begin() elements of the stored series come first; an empty series is none any more.
  std::vector<std::pair<std::string, NumberSeries>> series;

  [[nodiscard]] const NumberSeries* find(std::string_view metric) const;
  /// The series of that name, to be put what begins at that position. Throws Error(bad_input), as
  /// the end of a sentence, where the run is known to have no such beginning.
  [[nodiscard]] NumberSeries& at(std::string_view metric, std::size_t position);
  /// Removes the series of that name, stored elements included.
  void drop(std::string_view metric);
};

/// Appends a step's values to the series of their names. A value that is a list is several steps;
/// a scalar that stands there already becomes the first element.
void append_step(Metrics& series, const Metrics& step);

/// Replaces what stands under the names of `values`.
void replace_values(Metrics& series, const Metrics& values);

/// How many elements the series of that name has: what append_step would append behind.
[[nodiscard]] std::size_t series_length(const Metrics& series, std::string_view name);

/// Cuts or fills (with nulls) the series of that name to so many elements.
void resize_series(Metrics& series, std::string_view name, std::size_t length);

}  // namespace malet::record
