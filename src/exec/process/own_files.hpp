#pragma once

#include <filesystem>
#include <string>

namespace malet::exec {

/// The path of this process's executable.
[[nodiscard]] std::string own_executable();

/// The path of an installed file, such as `malet_host.py`: share/malet/NAME beside this executable
/// or library, or in a folder a few levels above, so that an installed tree can be moved. Throws
/// Error(internal) naming the file.
[[nodiscard]] std::filesystem::path data_file(const std::string& name);

/// A new folder of this process on the node's own disk ($TMPDIR, else /tmp). The destructor removes
/// it with its content.
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
