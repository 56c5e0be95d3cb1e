#pragma once

#include <filesystem>

/// What the last one of several jobs does that shared an experiment.
namespace malet::sweep {

/// Whether all configs of a folder are complete.
[[nodiscard]] bool is_complete(const std::filesystem::path& exp_folder);

/// Whether there are logs of jobs that shared the folder.
[[nodiscard]] bool has_job_logs(const std::filesystem::path& exp_folder);

/// Makes log.tsv of all logs of a folder whose configs are all complete, unless other jobs still
/// live there: whoever ends last does it. Tells whether log.tsv has all now. The caller holds no
/// right to write any more. Throws Error as Experiment::resplit_logs, but for refusals.
[[nodiscard]] bool merge_if_last(const std::filesystem::path& exp_folder);

/// Where all is in log.tsv removes what else there is: of a job that was killed when it had just
/// merged, and of those that found nothing to do. Nothing while anybody is at work.
void clear_up_queue(const std::filesystem::path& exp_folder);

}  // namespace malet::sweep
