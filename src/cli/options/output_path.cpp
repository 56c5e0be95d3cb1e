#include "cli/options/output_path.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/files/files.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

/// The folder that the file goes to, or the last one above it that is there.
fs::path folder_there(const fs::path& file) {
  std::error_code ignored;
  fs::path folder = fs::absolute(file, ignored).parent_path();
  while (fs::status(folder, ignored).type() == fs::file_type::not_found &&
         folder != folder.root_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

}  // namespace

void require_writable(const fs::path& file) {
  base::require_replaceable(file);
  const fs::path folder = folder_there(file);
  if (::access((folder / ".").c_str(), W_OK | X_OK) == 0) return;
  const int error = errno;
  reject("{}: cannot be written: {}: {}: give another -o", file.string(), folder.string(),
         std::strerror(error));
}

}  // namespace malet::cli
