#include "cli/options/folder_check.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/reject.hpp"
#include "malet/error.hpp"

namespace malet::cli {

namespace {

namespace fs = std::filesystem;

/// False also for what cannot be looked at: whoever opens it then tells why.
bool is_missing(const fs::path& path) {
  std::error_code ignored;
  return fs::status(path, ignored).type() == fs::file_type::not_found;
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

/// Of a folder without exp_config.yaml; a log in it can be read all the same.
std::string no_experiment(const fs::path& folder, bool reads_logs) {
  const std::string config = base::paths::exp_config(folder).filename().string();
  const fs::path log = base::paths::log(folder);
  std::string sentence = fmt::format("{} has no {}", folder.string(), config);
  if (!reads_logs || is_missing(log)) return sentence + ", so it is no experiment folder";
  return sentence + fmt::format(": to read its log by itself, give {}", log.string());
}

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

void require_experiment(const fs::path& path) {
  if (is_missing(path)) {
    reject("{} does not exist: give an experiment folder, which holds exp_config.yaml",
           path.string());
  }
  if (!is_folder(path)) {
    reject("{} is no folder: give an experiment folder, which holds exp_config.yaml",
           path.string());
  }
  if (is_missing(base::paths::exp_config(path))) reject("{}", no_experiment(path, false));
}

void require_experiment_or_log(const fs::path& path) {
  if (is_missing(path)) {
    reject("{} does not exist: give an experiment folder, or a log file", path.string());
  }
  if (is_folder(path) && is_missing(base::paths::exp_config(path))) {
    reject("{}", no_experiment(path, true));
  }
}

void require_logs(const fs::path& path) {
  if (is_missing(path)) {
    reject("{} does not exist: give a log file, or a folder with logs", path.string());
  }
}

void require_writable(const fs::path& file) {
  base::require_replaceable(file);
  const fs::path folder = folder_there(file);
  if (::access((folder / ".").c_str(), W_OK | X_OK) == 0) return;
  const int error = errno;
  reject("{}: cannot be written: {}: {}: give another -o", file.string(), folder.string(),
         std::strerror(error));
}

std::string experiment_name(const fs::path& exp_folder) {
  auto path = fs::absolute(exp_folder).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  return path.filename().string();
}

}  // namespace malet::cli
