#include "exec/function/git.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

// HEAD holds a hash, or the name of a branch, whose hash is in its own file or in packed-refs. In a
// worktree or submodule, `.git` is a file that names the folder, and branches are in its commondir.
namespace malet::exec {

namespace {

using Path = std::filesystem::path;

std::string first_line(const Path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
  return line;
}

bool is_hash(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<Path> git_folder(Path folder) {
  std::error_code error;
  folder = std::filesystem::absolute(folder, error);
  for (; !error; folder = folder.parent_path()) {
    const Path git = folder / ".git";
    if (std::filesystem::is_directory(git, error)) return git;
    if (std::filesystem::is_regular_file(git, error)) {
      const std::string line = first_line(git);
      constexpr std::string_view mark = "gitdir: ";
      if (!line.starts_with(mark)) return std::nullopt;
      return folder / line.substr(mark.size());
    }
    error.clear();
    if (folder == folder.parent_path()) break;
  }
  return std::nullopt;
}

std::string packed_hash(const Path& git, std::string_view branch) {
  std::ifstream file(git / "packed-refs");
  for (std::string line; std::getline(file, line);) {
    const std::size_t blank = line.find(' ');
    if (blank != std::string::npos && std::string_view(line).substr(blank + 1) == branch) {
      return line.substr(0, blank);
    }
  }
  return {};
}

}  // namespace

std::string commit_hash(const std::filesystem::path& folder) {
  const auto git = git_folder(folder);
  if (!git) return {};
  const std::string head = first_line(*git / "HEAD");
  constexpr std::string_view mark = "ref: ";
  std::string hash = head;
  if (head.starts_with(mark)) {
    const std::string branch = head.substr(mark.size());
    const std::string common = first_line(*git / "commondir");
    const Path refs = common.empty() ? *git : *git / common;
    hash = first_line(refs / branch);
    if (hash.empty()) hash = packed_hash(refs, branch);
  }
  return is_hash(hash) ? hash : std::string();
}

}  // namespace malet::exec
