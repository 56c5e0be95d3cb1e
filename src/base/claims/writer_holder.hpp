#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/claims/writer_file.hpp"

namespace malet::base {

/// A writer on another machine counts as dead once it has not touched its file for this long.
inline constexpr std::chrono::minutes writer_patience{2};

/// What a writer file says at one moment.
///
/// A writer on this machine is alive when its process (pid and start time) is. Any other writer,
/// and a file without a readable writer (torn, empty, or anything else), is alive while the file is
/// younger than writer_patience. The age is measured against a file made beside it just now, since
/// clocks of machines differ; against our clock where none can be made. A time in the future is
/// young.
struct Holder {
  std::optional<Writer> writer;  ///< nothing when the file does not name one
  bool alive = false;
};

/// The holder that an open writer file names. Opens no second descriptor of the file: closing that
/// could drop a lock on it.
/// \param path where the file is, or was.
[[nodiscard]] Holder holder_in(int descriptor, const std::filesystem::path& path);

/// The holder that the writer file at `path` names; nothing when there is no file. A file that
/// cannot be opened names no writer.
[[nodiscard]] std::optional<Holder> holder_of(const std::filesystem::path& path);

/// Whether there is a writer file at `path` whose holder is alive.
[[nodiscard]] bool is_alive(const std::filesystem::path& path);

/// The token in an open writer file; empty when there is none.
[[nodiscard]] std::string token_in(int descriptor);

/// The sentence that tells a job why it may not write: a living holder has this file.
[[nodiscard]] std::string refusal(const std::filesystem::path& path, const Holder& holder);

/// What to do about a living holder, as the end of a sentence.
[[nodiscard]] std::string advice(const Holder& holder);

/// Whether two jobs may write different logs of one folder at once: splits of one kind, or queue
/// jobs.
[[nodiscard]] bool agree(const WriterRole& one, const WriterRole& other);

/// Throws Error(refused), a sentence that names the holder, unless all living writers of other logs
/// in the folder agree with our role. A writer file that names no writer agrees with nobody.
///
/// Call it while holding our own logs: of two jobs that start at once, at least one then sees the
/// other.
/// \param logs the logs that we write.
void check_writers_agree(const std::filesystem::path& folder,
                         const std::vector<std::filesystem::path>& logs, const WriterRole& role);

/// Throws Error(refused) when Python Malet is at work on this log, that is, when its queue file
/// LOG.lock is not empty. Never changes that file.
void check_malet_lock(const std::filesystem::path& log);

}  // namespace malet::base
