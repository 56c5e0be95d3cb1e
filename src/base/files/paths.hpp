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

/// EXP/log_splits/split_{name}.tsv. What cannot stand in a file name (/, control characters, %) is
/// written as %XX; names over 200 bytes are cut and told apart by a checksum.
[[nodiscard]] Path split_log(const Path& folder, std::string_view name);
/// The name of a split by that of its log, as it is written there; nothing for another file.
[[nodiscard]] std::optional<std::string> split_name(const Path& log);

/// EXP/log_splits/split_job{id}.tsv: the log of a job in queue mode. job_of is the inverse: nothing
/// for another log.
[[nodiscard]] Path job_log(const Path& folder, std::string_view job);
[[nodiscard]] std::optional<std::string> job_of(const Path& log);
/// EXP/claims: who has which chunk of the configs in queue mode.
[[nodiscard]] Path claims(const Path& folder);
/// EXP/claims/{chunk}. claimed_chunk is the inverse: nothing for another name.
[[nodiscard]] Path claim(const Path& folder, std::uint64_t chunk);
[[nodiscard]] std::optional<std::uint64_t> claimed_chunk(const Path& claim);
/// EXP/claims/grid.json: how the configs are cut into chunks.
[[nodiscard]] Path claims_grid(const Path& folder);
/// A file in EXP/claims that is to become a claim; hidden.
[[nodiscard]] Path claim_draft(const Path& folder, std::string_view token);
/// What is in EXP/claims of ours: claims and drafts, not the writer files in it.
[[nodiscard]] std::vector<Path> claim_files(const Path& folder);

/// EXP/logs_backup.tsv, or with a number EXP/logs_backup_{number}.tsv: never overwritten.
[[nodiscard]] Path logs_backup(const Path& folder, unsigned number = 0);
/// EXP/log_splits.new: logs that are to take the place of all others.
[[nodiscard]] Path new_logs(const Path& folder);
/// EXP/resplit.intent: they are complete, and must take it.
[[nodiscard]] Path resplit_intent(const Path& folder);

/// EXP/submit: what `submit` has given to Slurm.
[[nodiscard]] Path submit_folder(const Path& folder);
/// EXP/submit/job_{number}.sbatch: never overwritten.
[[nodiscard]] Path batch_script(const Path& folder, unsigned number);
/// What the jobs of a script write: EXP/submit/job_{number}-{job}.out.
[[nodiscard]] Path batch_output(const Path& script, std::string_view job);
/// EXP/submit/jobs.jsonl: one line per job.
[[nodiscard]] Path submitted_jobs(const Path& folder);

/// LOG.attempts.jsonl
[[nodiscard]] Path attempts(const Path& log);
/// LOG.journal
[[nodiscard]] Path journal(const Path& log);
/// The log's series in HDF5: log.h5 beside log.tsv.
[[nodiscard]] Path series(const Path& log);
/// The folder of what has not gone into that file yet: log.h5.d.
[[nodiscard]] Path series_segments(const Path& log);
/// log.h5.d/{first}-{last}.h5: the segments numbered so. segment_numbers is the inverse: nothing
/// for another name.
[[nodiscard]] Path series_segment(const Path& log, std::uint64_t first, std::uint64_t last);
[[nodiscard]] std::optional<std::pair<std::uint64_t, std::uint64_t>> segment_numbers(
    const Path& segment);
/// LOG.writer: who is writing this log (base/writer_file.hpp).
[[nodiscard]] Path writer(const Path& log);
/// LOG.lock: the queue file of Python Malet, which is never touched.
[[nodiscard]] Path malet_lock(const Path& log);
/// A file beside a writer file that exists for a moment only. Hidden and short: the log's own name
/// may be as long as names can be.
[[nodiscard]] Path writer_draft(const Path& writer, std::string_view token);

/// EXP/runs/{aa}/{run_id}, where aa are the first two digits of the run_id.
[[nodiscard]] Path run(const Path& folder, std::string_view run_id);

/// The logs there are: log.tsv, then log_splits/*.tsv sorted by name. Never backups or temporary
/// files. Whatever bears such a name is given, also what cannot be read. Throws Error(bad_input)
/// when that cannot be told: log_splits is no folder, a link that leads nowhere, or not readable.
[[nodiscard]] std::vector<Path> existing_logs(const Path& folder);
/// The logs of a folder that need not be an experiment's: existing_logs, or else the files *.tsv
/// right in it, sorted by name. Throws as existing_logs.
[[nodiscard]] std::vector<Path> logs_in(const Path& folder);
/// The experiment folder that a log belongs to by its place: the one that holds it, or, of a log in
/// log_splits, the one above.
[[nodiscard]] Path folder_of(const Path& log);
/// The writer files there are, of all logs that are or may become: log.tsv.writer, then
/// log_splits/*.tsv.writer sorted by name. Throws as existing_logs.
[[nodiscard]] std::vector<Path> writers(const Path& folder);
/// The journals there are whose log is not there. Throws as existing_logs.
[[nodiscard]] std::vector<Path> orphan_journals(const Path& folder);
/// The series files and folders there are whose log is not there. Throws as existing_logs.
[[nodiscard]] std::vector<Path> orphan_series(const Path& folder);

}  // namespace malet::base::paths
