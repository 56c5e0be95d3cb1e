#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/files/descriptor.hpp"

namespace malet::exec {

/// Where the stdout and stderr of a slot's runs go: two files that every run finds empty.
class SlotOutput {
 public:
  /// Makes the files in `folder`, which must be there. Throws std::system_error.
  explicit SlotOutput(const std::filesystem::path& folder);

  [[nodiscard]] int out() const { return out_.get(); }
  [[nodiscard]] int err() const { return err_.get(); }

  /// Empties both files.
  void clear();
  /// The last `most` bytes of stderr.
  [[nodiscard]] std::string error_tail(std::size_t most) const;
  /// How many bytes of stdout there are.
  [[nodiscard]] std::size_t out_size() const;
  /// The bytes of stdout from `offset` on, at most a few MiB.
  [[nodiscard]] std::string out_from(std::size_t offset) const;
  /// Copies what was written to `folder`/stdout and stderr, which it makes; files that stay empty
  /// are left out, and so is the folder. Throws std::system_error or filesystem_error.
  void keep(const std::filesystem::path& folder) const;

 private:
  base::Descriptor out_;
  base::Descriptor err_;
};

}  // namespace malet::exec
