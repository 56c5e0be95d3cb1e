#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The name of every file that is written to or read from an experiment folder, in one place.
namespace malet::base::paths {

using Path = std::filesystem::path;

[[nodiscard]] Path exp_config(const Path& folder);   ///< EXP/exp_config.yaml
[[nodiscard]] Path run_options(const Path& folder);  ///< EXP/malet.yaml
[[nodiscard]] Path log(const Path& folder);          ///< EXP/log.tsv
[[nodiscard]] Path log_splits(const Path& folder);   ///< EXP/log_splits
[[nodiscard]] Path figure(const Path& folder);       ///< EXP/figure

/// EXP/log_splits/split_{name}.tsv. Characters that no file name may hold (/, control characters,
/// %) are written as %XX; names over 200 bytes are cut and get a checksum.
[[nodiscard]] Path split_log(const Path& folder, std::string_view name);
/// The split's name in its log's file name, with its %XX; nothing for another file.
[[nodiscard]] std::optional<std::string> split_name(const Path& log);

/// EXP/log_splits/split_job{id}.tsv: the log of a queue job. job_of is the inverse: nothing for
/// another log.
[[nodiscard]] Path job_log(const Path& folder, std::string_view job);
[[nodiscard]] std::optional<std::string> job_of(const Path& log);
/// EXP/claims: the claims of chunks by queue jobs.
[[nodiscard]] Path claims(const Path& folder);
/// EXP/claims/{chunk}. claimed_chunk is the inverse: nothing for another name.
[[nodiscard]] Path claim(const Path& folder, std::uint64_t chunk);
[[nodiscard]] std::optional<std::uint64_t> claimed_chunk(const Path& claim);
/// EXP/claims/grid.json: how the configs are cut into chunks.
[[nodiscard]] Path claims_grid(const Path& folder);
/// A hidden file in EXP/claims that is renamed to become a claim.
[[nodiscard]] Path claim_draft(const Path& folder, std::string_view token);
/// The claims, their drafts and grid.json in EXP/claims; no writer files.
[[nodiscard]] std::vector<Path> claim_files(const Path& folder);

/// EXP/logs_backup.tsv, or with a number EXP/logs_backup_{number}.tsv: never overwritten.
[[nodiscard]] Path logs_backup(const Path& folder, unsigned number = 0);
/// EXP/log_splits.new: logs that a resplit makes to replace all others.
[[nodiscard]] Path new_logs(const Path& folder);
/// EXP/resplit.intent: says that those logs are complete and must replace the others.
[[nodiscard]] Path resplit_intent(const Path& folder);

/// EXP/submit: the scripts and Slurm jobs of `submit`.
[[nodiscard]] Path submit_folder(const Path& folder);
/// EXP/submit/job_{number}.sbatch: never overwritten.
[[nodiscard]] Path batch_script(const Path& folder, unsigned number);
/// EXP/submit/job_{number}-{job}.out: the output of a script's Slurm job.
[[nodiscard]] Path batch_output(const Path& script, std::string_view job);
/// EXP/submit/jobs.jsonl: one line per Slurm job.
[[nodiscard]] Path submitted_jobs(const Path& folder);

/// LOG.attempts.jsonl
[[nodiscard]] Path attempts(const Path& log);
/// LOG.journal
[[nodiscard]] Path journal(const Path& log);
/// log.h5 beside log.tsv: the log's series in HDF5.
[[nodiscard]] Path series(const Path& log);
/// log.h5.d: the folder of segments that are not in that file yet.
[[nodiscard]] Path series_segments(const Path& log);
/// log.h5.d/{first}-{last}.h5: the segments with these numbers. segment_numbers is the inverse:
/// nothing for another name.
[[nodiscard]] Path series_segment(const Path& log, std::uint64_t first, std::uint64_t last);
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> segment_numbers(
    const Path& segment);
/// LOG.writer: who is writing this log (base/claims/writer_file.hpp).
[[nodiscard]] Path writer(const Path& log);
/// LOG.lock: the queue file of Python Malet; we never touch it.
[[nodiscard]] Path malet_lock(const Path& log);
/// A temporary file beside a writer file. Hidden, with a short name of its own: the log's name may
/// have the full length of a file name.
[[nodiscard]] Path writer_draft(const Path& writer, std::string_view token);

/// EXP/runs/{aa}/{run_id}, with the first two digits of the run_id as aa.
[[nodiscard]] Path run(const Path& folder, std::string_view run_id);

/// The logs in a folder: log.tsv, then log_splits/*.tsv sorted by name, also those that cannot be
/// read; no backups or temporary files. Throws Error(bad_input) when log_splits cannot be listed:
/// it is no folder, a link that leads nowhere, or not readable.
[[nodiscard]] std::vector<Path> existing_logs(const Path& folder);
/// The logs of any folder: existing_logs, or else its files *.tsv sorted by name. Throws as
/// existing_logs.
[[nodiscard]] std::vector<Path> logs_in(const Path& folder);
/// The experiment folder of a log: the folder that holds it, or the parent of log_splits.
[[nodiscard]] Path folder_of(const Path& log);
/// The writer files of all logs, also of logs not written yet: log.tsv.writer, then
/// log_splits/*.tsv.writer sorted by name. Throws as existing_logs.
[[nodiscard]] std::vector<Path> writers(const Path& folder);
/// The journals without a log. Throws as existing_logs.
[[nodiscard]] std::vector<Path> orphan_journals(const Path& folder);
/// The series files and segment folders without a log. Throws as existing_logs.
[[nodiscard]] std::vector<Path> orphan_series(const Path& folder);

}  // namespace malet::base::paths
