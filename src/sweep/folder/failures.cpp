#include "sweep/folder/failures.hpp"

#include <fstream>
#include <string_view>
#include <unordered_map>

#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "malet/error.hpp"
#include "sweep/folder/attempt_history.hpp"

namespace malet::sweep {

namespace {

using ByRunId = std::unordered_map<std::string, FailedConfig*>;

void take_line(const std::string& text, const ByRunId& failed) {
  const auto found = failed.find(std::string(attempt_run_id(text)));
  if (found == failed.end()) return;
  FailedConfig& config = *found->second;
  ++config.attempts;
  try {
    const Value line = base::read_json(text);
    config.reason = base::text_field(line, "reason");
    config.error = base::text_field(line, "error");
    config.node = base::text_field(line, "node");
  } catch (const Error&) {
    // A line that was cut off by a crash tells nothing.
  }
}

}  // namespace

std::vector<FailedConfig> failed_configs(const Folder& folder) {
  std::vector<FailedConfig> failed;
  for (const ConfigRow& row : folder.rows) {
    if (row.status != Status::failed) continue;
    failed.emplace_back();
    failed.back().index = row.index;
    failed.back().run_id = folder.configs.config(row.index).run_id();
  }
  ByRunId by_run_id;
  for (FailedConfig& config : failed) by_run_id.emplace(config.run_id, &config);
  if (failed.empty()) return failed;
  for (const auto& log : folder.log_paths) {
    std::ifstream file(base::paths::attempts(log));
    for (std::string line; std::getline(file, line);) take_line(line, by_run_id);
  }
  return failed;
}

}  // namespace malet::sweep
