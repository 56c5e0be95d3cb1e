#include "sweep/folder/attempt_history.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string_view>
#include <unordered_map>

#include "base/files/paths.hpp"
#include "base/json/json_read.hpp"
#include "malet/error.hpp"
#include "sweep/channel/message.hpp"
#include "sweep/folder/folder.hpp"

namespace malet::sweep {

namespace {

/// Which reasons say that the job ended, rather than the run.
bool is_interruption(std::string_view reason) {
  return reason == name_of(EndReason::deadline) || reason == name_of(EndReason::cancelled) ||
         reason == name_of(EndReason::host_lost);
}

/// A text of a line by its name. What a text holds has its quotes escaped, and ours come last.
std::string_view text_in(std::string_view line, std::string_view quoted_name) {
  const std::string name = std::string(quoted_name).append(": \"");
  const std::size_t found = line.rfind(name);
  if (found == std::string_view::npos) return {};
  line.remove_prefix(found + name.size());
  return line.substr(0, line.find('"'));
}

/// The number of the attempt, which is written right behind the run_id.
std::uint64_t number_in(std::string_view line) {
  constexpr std::string_view name = "\"attempt\": ";
  const std::size_t found = line.find(name);
  std::uint64_t number = 0;
  if (found == std::string_view::npos) return number;
  const char* const begin = line.data() + found + name.size();
  (void)std::from_chars(begin, line.data() + line.size(), number);
  return number;
}

/// Lines of several files come in no order of time.
void take_line(AttemptHistory& history, std::string_view line) {
  // Files of other jobs, which are not read, may have the ones before.
  history.count = std::max({history.count, ++history.lines, number_in(line)});
  const std::string_view finished = text_in(line, R"("finished")");
  if (finished < history.finished) return;
  const std::string_view reason = text_in(line, R"("reason")");
  history.finished = finished;
  history.interrupted = is_interruption(reason);
  history.is_lost = reason == name_of(EndReason::host_lost);
}

using ByRunId = std::unordered_map<std::string, FailedConfig*>;

void take_failure(FailedConfig*& failed, const std::string& text) {
  FailedConfig& config = *failed;
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

/// Calls take() with every line of the logs' attempt files that is of one of `runs`, and its value.
template <typename Run, typename Take>
void each_attempt(const std::vector<std::filesystem::path>& logs,
                  std::unordered_map<std::string, Run>& runs, const Take& take) {
  for (const auto& log : logs) {
    std::ifstream file(base::paths::attempts(log));
    for (std::string line; std::getline(file, line);) {
      const auto run = runs.find(std::string(attempt_run_id(line)));
      if (run != runs.end()) take(run->second, line);
    }
  }
}

}  // namespace

std::string_view attempt_run_id(std::string_view line) {
  constexpr std::string_view beginning = R"({"run_id": ")";
  constexpr std::size_t digits = 16;
  if (!line.starts_with(beginning) || line.size() < beginning.size() + digits) return {};
  return line.substr(beginning.size(), digits);
}

base::Micros attempt_finished(std::string_view line) {
  return base::parse_datetime(std::string(text_in(line, R"("finished")")))
      .value_or(base::Micros(0));
}

AttemptHistories read_attempts(const std::vector<std::filesystem::path>& logs,
                               AttemptHistories runs) {
  each_attempt(logs, runs,
               [](AttemptHistory& history, const std::string& line) { take_line(history, line); });
  return runs;
}

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
  each_attempt(folder.log_paths, by_run_id, take_failure);
  return failed;
}

}  // namespace malet::sweep
