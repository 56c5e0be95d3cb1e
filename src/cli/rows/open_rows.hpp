#pragma once

#include <string>

#include "cli/rows/row_set.hpp"
#include "cli/screen/output.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::cli {

/// Opens an experiment folder, and says what is to be known of it.
[[nodiscard]] sweep::Folder open_experiment(const std::string& path, Console& console);

/// The rows of an experiment folder or of a log. Throws Error(bad_input).
[[nodiscard]] RowSet open_rows(const std::string& path, Console& console);

}  // namespace malet::cli
