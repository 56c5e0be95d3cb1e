#include "sweep/reshape/compact_folder.hpp"

#include <fmt/format.h>

#include <memory>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "record/log/log_access.hpp"
#include "record/log/log_file.hpp"
#include "record/log/series_upkeep.hpp"
#include "sweep/folder/folder.hpp"
#include "sweep/folder/resplit_intent.hpp"
#include "sweep/folder/writers.hpp"

namespace malet::sweep {

namespace {

/// How many runs' series are left out.
std::size_t count_dropped(const ExperimentLog& log) {
  if (!record::series_of(log)) return 0;
  const record::SeriesStore& store = record::series_of(log)->store();
  const record::RunCounts runs = record::count_runs(log, store);
  if (runs.unknown > 0 && runs.unknown == runs.all) {
    store.fail(
        fmt::format("has series of {} runs, none of which {} has, so that all would be dropped: "
                    "the log is another experiment's or a static config was edited, put the log "
                    "back that belongs to it",
                    runs.all, log.logs_file().filename().string()));
  }
  return runs.unknown;
}

}  // namespace

std::vector<CompactedLog> compact_folder(const std::filesystem::path& exp_folder,
                                         bool drop_unknown) {
  (void)base::read_file(base::paths::exp_config(exp_folder));  // else locking would make the folder
  finish_resplit(exp_folder);
  const auto lock = lock_folder(exp_folder);
  refuse_orphans(exp_folder);
  std::vector<CompactedLog> compacted;
  for (const auto& log : base::paths::existing_logs(exp_folder)) {
    const auto use = drop_unknown ? record::SeriesUse::known : record::SeriesUse::checked;
    const ExperimentLog content = record::read_log(log, use).log;
    if (!record::SeriesStore::exists(log)) continue;
    const std::size_t dropped = drop_unknown ? count_dropped(content) : 0;
    if (record::compact_series(content, {}, drop_unknown)) compacted.push_back({log, dropped});
  }
  return compacted;
}

}  // namespace malet::sweep
