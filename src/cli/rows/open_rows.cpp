#include "cli/rows/open_rows.hpp"

#include <filesystem>

#include "cli/options/folder_check.hpp"

namespace malet::cli {

sweep::Folder open_experiment(const std::string& path, Console& console) {
  sweep::Folder folder = sweep::open_folder(path);
  for (const std::string& warning : folder.warnings) console.err.write(warning + "\n");
  return folder;
}

RowSet open_rows(const std::string& path, Console& console) {
  require_experiment_or_log(path);
  if (!std::filesystem::is_directory(path)) return RowSet(sweep::open_log(path));
  return RowSet(open_experiment(path, console));
}

}  // namespace malet::cli
