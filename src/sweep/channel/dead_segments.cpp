#include "sweep/channel/dead_segments.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <system_error>

#include "base/files/process_facts.hpp"
#include "base/text/text_parts.hpp"

namespace malet::sweep {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kind = "vader_segment.";
// A job that starts makes its files a moment before it maps them.
constexpr std::chrono::minutes youngest(1);

bool is_ours(const fs::path& path) {
  struct stat about {};
  return ::lstat(path.c_str(), &about) == 0 && about.st_uid == ::getuid();
}

bool is_old(const fs::path& path) {
  std::error_code error;
  const auto written = fs::last_write_time(path, error);
  return !error && fs::file_time_type::clock::now() - written > youngest;
}

/// The files that may be of a dead job.
std::vector<fs::path> candidates(const fs::path& folder) {
  // Ranks in containers may share /dev/shm but not our view of processes; their hosts differ.
  const std::string ours = fmt::format("{}{}.{}.", kind, base::host_name(), ::getuid());
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool fits = name.compare(0, ours.size(), ours) == 0;
    if (fits && is_ours(entry.path()) && is_old(entry.path())) found.push_back(entry.path());
  }
  return found;
}

/// Segments that processes of this user map; nothing if one of the processes cannot be read.
std::optional<std::set<std::string>> all_mapped(const fs::path& processes) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(processes, error)) {
    const std::string pid = entry.path().filename().string();
    if (!std::all_of(pid.begin(), pid.end(), base::is_digit)) continue;
    if (!is_ours(entry.path())) continue;
    std::ifstream file(entry.path() / "maps");
    if (!file && fs::exists(entry.path())) return std::nullopt;
    const std::string maps{std::istreambuf_iterator<char>(file), {}};
    for (std::string& name : mapped_segments(maps)) names.insert(std::move(name));
  }
  return error ? std::nullopt : std::optional(std::move(names));
}

}  // namespace

std::vector<std::string> mapped_segments(const std::string& maps) {
  std::vector<std::string> names;
  for (std::size_t at = maps.find(kind); at != std::string::npos; at = maps.find(kind, at + 1)) {
    names.push_back(maps.substr(at, maps.find_first_of(" \n", at) - at));
  }
  return names;
}

void remove_dead_segments(const fs::path& folder, const fs::path& processes) {
  const auto files = candidates(folder);
  if (files.empty()) return;
  const auto mapped = all_mapped(processes);
  if (!mapped) return;
  for (const fs::path& file : files) {
    if (!mapped->contains(file.filename().string())) ::unlink(file.c_str());
  }
}

}  // namespace malet::sweep
