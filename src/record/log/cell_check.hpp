#pragma once

#include <cstddef>
#include <string_view>

#include "malet/experiment_log.hpp"

namespace malet::record {

/// Whether a status says something, or is empty.
[[nodiscard]] bool is_status(std::string_view cell);

/// Throws Error(bad_input) for a status that is none of C, F and R, and not empty.
void check_status(const ExperimentLog& log, std::size_t row, std::string_view status);

/// Throws Error(bad_input) that names row and column for the first cell that does not say what its
/// column or its beginning promises: a status, datetime or duration that is none, or a list of
/// numbers that is cut off. Other texts are texts.
void check_cells(const ExperimentLog& log);

}  // namespace malet::record
