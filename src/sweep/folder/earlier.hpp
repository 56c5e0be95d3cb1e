#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/text/time_text.hpp"
#include "malet/value.hpp"
#include "record/log/series_views.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

/// What earlier attempts of a config left in the logs.
struct Earlier {
  std::size_t log = 0;  ///< in which log of the folder
  Metrics metrics;
  Metrics info;  ///< the info columns
  base::Micros duration{};
  std::uint64_t attempts = 1;  ///< how many there were
  /// Where series are in HDF5, of which `metrics` has the last values; nullptr where they are not.
  std::shared_ptr<const record::SeriesByRun> series = nullptr;
};

/// The same, and where it is: in the job's own log or in another one.
struct LeftOver {
  Earlier earlier;
  bool is_own = false;
};

/// What the attempts that ended with a failed row left. A row without a line in the attempt files
/// still tells of one attempt.
[[nodiscard]] Earlier earlier_of(const Folder& folder, const ConfigRow& row);

}  // namespace malet::sweep
