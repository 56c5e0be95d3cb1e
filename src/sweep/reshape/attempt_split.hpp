#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/text/time_text.hpp"
#include "malet/config_iter.hpp"

namespace malet::sweep {

/// The lines of several attempt files, dealt out to new ones. Holds where the lines are, not the
/// lines.
class AttemptSplit {
 public:
  /// Reads the attempt files of these logs, where there are any. Lines whose config is not in the
  /// grid, and those that are none, go to the first new file.
  AttemptSplit(const std::vector<std::filesystem::path>& logs, const ConfigIter& configs,
               std::size_t splits);

  /// Whether a new file has any lines.
  [[nodiscard]] bool has(std::size_t split) const { return !lines_[split].empty(); }
  /// Writes a new file: the lines of each old one in their order, those of several by the times at
  /// which attempts ended. Throws Error(internal).
  void write(std::size_t split, const std::filesystem::path& file) const;

 private:
  struct Line {
    std::uint32_t file = 0;
    std::uint32_t size = 0;
    std::uint64_t begin = 0;
    base::Micros at{};  // when it was written, as far as that can be told
  };

  void read(std::uint32_t file, const ConfigIter& configs);

  std::vector<std::filesystem::path> files_;
  std::vector<std::vector<Line>> lines_;  // per split
};

}  // namespace malet::sweep
