#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "base/claims/writer_file.hpp"

namespace malet::base {

/// A writer on another machine that has not touched its file for that long is dead.
inline constexpr std::chrono::minutes writer_patience{2};

/// What a writer file says at one moment.
///
/// Alive: on this machine, when that very process lives; else when the file is younger than
/// writer_patience. So is a file that does not say who wrote it: torn, empty, or anything else. The
/// age is measured against a file just made beside it, since clocks of machines differ; where none
/// can be made, against ours. A time to come is young.
struct Holder {
  std::optional<Writer> writer;  ///< nothing where the file does not say
  bool alive = false;
};

/// The holder by an open writer file, whose descriptor is read and nothing else: closing another
/// one of the same file could drop a lock on it.
/// \param path where the file is, or was.
[[nodiscard]] Holder holder_in(int descriptor, const std::filesystem::path& path);

/// The holder by a writer file's name; nothing where there is no such file. A file that cannot be
/// opened does not say who wrote it.
[[nodiscard]] std::optional<Holder> holder_of(const std::filesystem::path& path);

/// Whether there is a writer file of that name whose holder is alive.
[[nodiscard]] bool is_alive(const std::filesystem::path& path);

/// The token in an open writer file; empty where it does not say.
[[nodiscard]] std::string token_in(int descriptor);

/// The sentence for whom a living holder keeps from writing the log of this file.
[[nodiscard]] std::string refusal(const std::filesystem::path& path, const Holder& holder);

/// What to do about a living holder, as the end of a sentence.
[[nodiscard]] std::string advice(const Holder& holder);

}  // namespace malet::base
