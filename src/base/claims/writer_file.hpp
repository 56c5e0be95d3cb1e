#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

enum class WriterMode {
  whole,  ///< log.tsv, or another log that must be alone in its folder
  split,  ///< one or several of the folder's splits
  queue,  ///< the log of a queue job
};

/// How a job writes in its folder; decides which jobs may write beside it.
struct WriterRole {
  WriterMode mode = WriterMode::whole;
  std::string splits;  ///< for split only: the number of splits, or the field that makes them

  friend bool operator==(const WriterRole&, const WriterRole&) = default;
};

/// Who writes a log: the content of LOG.writer.
struct Writer {
  std::string token;          ///< random, unique to this writer
  std::string host;           ///< host_name()
  std::string process_space;  ///< process_space(), in which pid is valid
  pid_t pid = 0;
  std::uint64_t pid_start_time = 0;  ///< process_start_time(); 0 when unknown
  std::string slurm_job;             ///< empty outside of Slurm
  std::int64_t slurm_restarts = 0;   ///< tells apart the starts of a requeued Slurm job
  WriterRole role;
  std::string started;  ///< local time, as 2026-01-02T03:04:05

  friend bool operator==(const Writer&, const Writer&) = default;
};

/// 32 random hex digits.
[[nodiscard]] std::string new_token();

/// This process as a writer, with a new token.
[[nodiscard]] Writer this_writer(WriterRole role);

/// One line of JSON.
[[nodiscard]] std::string writer_text(const Writer& writer);

/// The inverse of writer_text. Nothing for any other text, such as a torn or empty one. Skips
/// unknown fields. Never throws.
[[nodiscard]] std::optional<Writer> parse_writer(std::string_view text);

/// The writer as part of a sentence: `process 12 on node3 (Slurm job 55)`.
[[nodiscard]] std::string description(const Writer& writer);

/// The role as part of a sentence: `a split of 4`.
[[nodiscard]] std::string description(const WriterRole& role);

}  // namespace malet::base
