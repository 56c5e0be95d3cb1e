#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "record/h5/number_series.hpp"

namespace malet::record {

/// What a journal says of a run's series beyond those that are stored in HDF5.
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
  /// The series of that name is none any more.
  void drop(std::string_view metric);
};

}  // namespace malet::record
