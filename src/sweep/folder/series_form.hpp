#pragma once

#include <optional>

#include "malet/options.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// Whether a job is to keep series of numbers in HDF5: as it was told, else as the folder's logs
/// have them. Throws Error(bad_input) when it was told to keep them in cells and the folder has
/// them in HDF5.
[[nodiscard]] bool keeps_series_apart(const Folder& folder, std::optional<SeriesForm> wanted);

}  // namespace malet::sweep
