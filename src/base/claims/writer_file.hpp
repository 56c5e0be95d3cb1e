#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

enum class WriterMode {
  whole,  ///< log.tsv, or whatever makes sense alone in its folder only
  split,  ///< one or several of the folder's splits
  queue,  ///< a job's own log in queue mode
};

/// How a job writes in its folder; decides who may write beside it.
struct WriterRole {
  WriterMode mode = WriterMode::whole;
  std::string splits;  ///< the number of splits or the field that makes them; for split only

  friend bool operator==(const WriterRole&, const WriterRole&) = default;
};

/// Who writes a log: the content of LOG.writer.
struct Writer {
  std::string token;          ///< random: of this writer and no other
  std::string host;           ///< host_name()
  std::string process_space;  ///< process_space(): what pid is valid in
  pid_t pid = 0;
  std::uint64_t pid_start_time = 0;  ///< process_start_time(); 0 where it is not known
  std::string slurm_job;             ///< empty outside of Slurm
  std::int64_t slurm_restarts = 0;   ///< a requeued job keeps its id
  WriterRole role;
  std::string started;  ///< local time, as 2026-01-02T03:04:05

  friend bool operator==(const Writer&, const Writer&) = default;
};

/// A text that nobody else has: 32 hex digits.
[[nodiscard]] std::string new_token();

/// This process as a writer, with a new token.
[[nodiscard]] Writer this_writer(WriterRole role);

/// One line of JSON.
[[nodiscard]] std::string writer_text(const Writer& writer);

/// The inverse of writer_text. Nothing for a text that does not say who writes: torn, empty, or
/// anything else. Unknown fields are skipped. Never throws on any input.
[[nodiscard]] std::optional<Writer> parse_writer(std::string_view text);

/// Who it is, as part of a sentence: `process 12 on node3 (Slurm job 55)`.
[[nodiscard]] std::string description(const Writer& writer);

/// What it does, as part of a sentence: `a split of 4`.
[[nodiscard]] std::string description(const WriterRole& role);

}  // namespace malet::base
