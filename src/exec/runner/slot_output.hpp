#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/files/descriptor.hpp"

namespace malet::exec {

/// The two files that a slot's runs write their stdout and stderr to. Emptied before each run.
class SlotOutput {
 public:
  /// Makes the files in `folder`, which must exist. Throws std::system_error.
  explicit SlotOutput(const std::filesystem::path& folder);

  [[nodiscard]] int out() const { return out_.get(); }
  [[nodiscard]] int err() const { return err_.get(); }

  /// Empties both files.
  void clear();
  /// The last `most` bytes of stderr.
  [[nodiscard]] std::string error_tail(std::size_t most) const;
  /// The size of stdout in bytes.
  [[nodiscard]] std::size_t out_size() const;
  /// The bytes of stdout from `offset` on, at most a few MiB.
  [[nodiscard]] std::string out_from(std::size_t offset) const;
  /// Copies both files into `folder`, as stdout and stderr, and leaves out empty ones. Makes the
  /// folder if there is anything to copy. Throws std::system_error or filesystem_error.
  void keep(const std::filesystem::path& folder) const;

 private:
  base::Descriptor out_;
  base::Descriptor err_;
};

}  // namespace malet::exec
