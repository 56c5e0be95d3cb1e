#include "sweep/folder/other_splits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>

#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "malet/error.hpp"
#include "sweep/folder/row_matcher.hpp"

namespace malet::sweep {

namespace {

/// What the logs of a folder tell of the number of its splits.
struct HeldSplits {
  std::optional<std::size_t> by_field;  ///< a log whose split has no number
  std::optional<std::size_t> highest;   ///< the log of the split with the highest one
  std::uint64_t most = 0;               ///< that number
  /// The number that all numbers of splits divide by which the rows are where they are; 0: any.
  std::uint64_t divided = 0;
};

void take_rows(HeldSplits& held, const std::vector<std::uint64_t>& indices, std::uint64_t split) {
  for (const std::uint64_t index : indices) {
    if (index == no_index) continue;
    held.divided = std::gcd(held.divided, index > split ? index - split : split - index);
  }
}

HeldSplits splits_of(const Folder& folder) {
  HeldSplits held;
  for (std::size_t log = 0; log < folder.log_paths.size(); ++log) {
    const auto name = base::paths::split_name(folder.log_paths[log]);
    if (!name || base::paths::job_of(folder.log_paths[log])) continue;
    const auto split = base::whole_number(*name);
    if (!split) {
      held.by_field = log;
      continue;
    }
    if (!held.highest || *split > held.most) {
      held.highest = log;
      held.most = *split;
    }
    take_rows(held, folder.row_indices[log], *split);
  }
  return held;
}

[[noreturn]] void refuse(const std::filesystem::path& log, const std::string& others,
                         std::uint64_t wanted) {
  reject(
      "{} is of {}, not of {}: pass --total-splits N and --curr-split I, or "
      "first make {} of all logs by `malet-mpi resplit`",
      log.string(), others, wanted, wanted);
}

}  // namespace

void refuse_other_splits(const Folder& folder, const ExperimentOptions& options) {
  const auto wanted = base::whole_number(options.splits.total);
  const bool splits_by_slot = wanted == 1U && options.pace.schedule == Schedule::fixed;
  if (!options.splits.same || !wanted || splits_by_slot) return;
  const HeldSplits held = splits_of(folder);
  if (held.by_field) refuse(folder.log_paths[*held.by_field], "a split by a field", *wanted);
  if (!held.highest) return;
  const auto& log = folder.log_paths[*held.highest];
  const bool rows_fit_some_number = held.divided > held.most;
  if (rows_fit_some_number && (held.divided % *wanted != 0 || *wanted == 1)) {
    refuse(log, fmt::format("{} splits", held.divided), *wanted);
  }
  if (held.most >= *wanted || *wanted == 1) {
    refuse(log, fmt::format("at least {} splits", held.most + 1), *wanted);
  }
}

}  // namespace malet::sweep
