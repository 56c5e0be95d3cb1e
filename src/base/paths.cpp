#include "base/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "base/sha256.hpp"

namespace malet::base::paths {

namespace {

constexpr std::size_t longest_name = 200;

std::string escaped(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || c == '/' || c == '%') {
      safe += fmt::format("%{:02X}", byte);
    } else {
      safe += c;
    }
  }
  if (safe.size() <= longest_name) return safe;
  const auto digest = sha256(name);
  return fmt::format("{}~{:02x}{:02x}{:02x}{:02x}", safe.substr(0, longest_name), digest[0],
                     digest[1], digest[2], digest[3]);
}

}  // namespace

Path exp_config(const Path& folder) {
  return folder / "exp_config.yaml";
}
Path run_options(const Path& folder) {
  return folder / "malet.yaml";
}
Path log(const Path& folder) {
  return folder / "log.tsv";
}
Path log_splits(const Path& folder) {
  return folder / "log_splits";
}
Path figure(const Path& folder) {
  return folder / "figure";
}

Path split_log(const Path& folder, std::string_view name) {
  return log_splits(folder) / fmt::format("split_{}.tsv", escaped(name));
}

Path attempts(const Path& log) {
  Path path = log;
  path += ".attempts.jsonl";
  return path;
}

Path run(const Path& folder, std::string_view run_id) {
  return folder / "runs" / run_id.substr(0, 2) / run_id;
}

std::vector<Path> existing_logs(const Path& folder) {
  std::vector<Path> splits;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(log_splits(folder), error)) {
    std::error_code ignored;
    if (entry.path().extension() == ".tsv" && entry.is_regular_file(ignored)) {
      splits.push_back(entry.path());
    }
  }
  std::sort(splits.begin(), splits.end());
  if (std::filesystem::exists(log(folder), error)) splits.insert(splits.begin(), log(folder));
  return splits;
}

}  // namespace malet::base::paths
