#include "sweep/folder/series_form.hpp"

#include <fmt/format.h>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"
#include "record/series/series_store.hpp"

namespace malet::sweep {

bool keeps_series_apart(const Folder& folder, std::optional<SeriesForm> wanted) {
  if (wanted == SeriesForm::hdf5) return true;
  for (const auto& log : folder.log_paths) {
    if (!record::SeriesStore::exists(log)) continue;
    if (!wanted) return true;
    reject(
        "{}: the series of this folder are in HDF5, and --series tsv cannot "
        "take them back: leave it out (`malet-mpi export --inline` writes a "
        "log with the series in its cells)",
        base::paths::series(log).string());
  }
  return false;
}

}  // namespace malet::sweep
