#include "sweep/compact_folder.hpp"

#include <memory>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "record/log_file.hpp"
#include "record/series_compact.hpp"
#include "sweep/resplit_intent.hpp"
#include "sweep/writers.hpp"

namespace malet::sweep {

std::vector<std::filesystem::path> compact_folder(const std::filesystem::path& exp_folder,
                                                  bool drop_unknown) {
  (void)base::read_file(base::paths::exp_config(exp_folder));  // else locking would make the folder
  finish_resplit(exp_folder);
  const auto lock = lock_folder(exp_folder);
  std::vector<std::filesystem::path> compacted;
  for (const auto& log : base::paths::existing_logs(exp_folder)) {
    if (!record::SeriesStore::exists(log)) continue;
    const auto use = drop_unknown ? record::SeriesUse::none : record::SeriesUse::checked;
    const ExperimentLog content = record::read_log(log, use).log;
    if (record::compact_series(content, {}, drop_unknown)) compacted.push_back(log);
  }
  return compacted;
}

}  // namespace malet::sweep
