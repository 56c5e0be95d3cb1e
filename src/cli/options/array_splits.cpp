#include "cli/options/array_splits.hpp"

#include <fmt/format.h>

#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::cli {

namespace {

exec::ArrayPart whole_array_part(const exec::ArrayTask& task) {
  if (const auto part = exec::array_part(task)) return *part;
  reject(
      "the tasks of Slurm's array {} ({} of the indices {} to {}) are not all "
      "splits of a sweep: submit the whole array, or pass --total-splits N and "
      "--curr-split I",
      task.job, task.count, task.first, task.last);
}

/// Of a number of splits that was given.
void check_total(const std::string& total, const exec::ArrayTask& task,
                 const exec::ArrayPart& part) {
  if (total == std::to_string(part.parts)) return;
  reject(
      "--total-splits {}: Slurm's array {} has {} tasks, so pass --curr-split, "
      "too",
      total, task.job, part.parts);
}

}  // namespace

std::optional<std::string> take_array_splits(const Given& given, const exec::ArrayTask& task,
                                             ExperimentOptions& options) {
  const bool total_given = given.has("--total-splits");
  const bool current_given = given.has("--curr-split");
  const bool is_whole = total_given && options.splits.total == "1";
  if (is_whole || (total_given && current_given) || options.splits.queue) return std::nullopt;
  const exec::ArrayPart part = whole_array_part(task);
  if (total_given) check_total(options.splits.total, task, part);
  if (!total_given) {
    options.splits.total = std::to_string(part.parts);
    options.splits.same = true;
  }
  if (!current_given) options.splits.current = std::to_string(part.part);
  if (part.parts == 1) return std::nullopt;
  return fmt::format(
      "split {} of {}, by task {} of Slurm's array {} (--total-splits 1 runs all configs)\n",
      options.splits.current, options.splits.total, task.index, task.job);
}

}  // namespace malet::cli
