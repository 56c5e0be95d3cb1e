#pragma once

#include "malet/value.hpp"

namespace malet::record {

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
