#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/files/files.hpp"

/// What tells one content of a file from another.
namespace malet::record {

/// Size and checksum of a log file's text.
struct FileMark {
  std::uint64_t size = 0;
  std::uint32_t checksum = 0;

  friend bool operator==(const FileMark&, const FileMark&) = default;
};

/// The mark of a file with that text.
[[nodiscard]] inline FileMark mark_of(std::string_view text) {
  return {text.size(), base::checksum(text)};
}

/// Size and time of a file: cheap to look up, and other ones once a writer has replaced the file.
using FileStamp = std::pair<std::uintmax_t, std::filesystem::file_time_type>;

[[nodiscard]] inline FileStamp stamp_of(const std::filesystem::path& file) {
  std::error_code ignored;
  return {std::filesystem::file_size(file, ignored),
          std::filesystem::last_write_time(file, ignored)};
}

}  // namespace malet::record
