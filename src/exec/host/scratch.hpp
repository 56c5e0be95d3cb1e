#pragma once

#include <filesystem>

namespace malet::exec {

/// A folder of this process alone on the node's own disk ($TMPDIR, else /tmp), removed with all
/// that is in it at the end.
class Scratch {
 public:
  /// Throws Error(internal) that names the place.
  Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace malet::exec
