#include "cli/reports/failure_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

using Failed = std::vector<sweep::FailedConfig>;

std::string reason_of(const sweep::FailedConfig& config) {
  // Functions that run inside the rank leave no record but the row.
  return config.reason.empty() ? "not recorded" : config.reason;
}

/// Reasons with their numbers, the most frequent one first.
std::vector<std::pair<std::string, std::size_t>> count_by(const Failed& failed, const auto& key) {
  std::map<std::string, std::size_t> counts;
  for (const auto& config : failed) ++counts[key(config)];
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

std::string summary(const Failed& failed) {
  std::string text;
  for (const auto& [reason, count] : count_by(failed, reason_of)) {
    Failed same;
    std::copy_if(failed.begin(), failed.end(), std::back_inserter(same),
                 [&, name = reason](const auto& config) { return reason_of(config) == name; });
    const auto errors = count_by(same, [](const auto& config) { return config.error; });
    text += fmt::format("  {:<12} {:>6}  {}", reason, count, errors.front().first);
    if (errors.size() > 1) text += fmt::format(" (and {} other messages)", errors.size() - 1);
    text += '\n';
  }
  return text;
}

}  // namespace

std::string failure_counts(const Failed& failed) {
  std::vector<std::string> parts;
  for (const auto& [reason, count] : count_by(failed, reason_of)) {
    parts.push_back(fmt::format("{} {}", reason, count));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string failure_text(const Failed& failed, const ConfigIter& configs, std::size_t width) {
  if (failed.empty()) return "no config has failed\n";
  const auto& fields = configs.grid_fields();
  auto headers = config_headers(fields);
  for (const char* header : {"reason", "attempts", "error"}) headers.emplace_back(header);
  TextTable table(std::move(headers));
  for (const auto& [reason, count] : count_by(failed, reason_of)) {
    for (const auto& config : failed) {
      if (reason_of(config) != reason) continue;
      auto cells = config_cells(config.index, configs.config(config.index), fields);
      cells.push_back({reason, false});
      cells.push_back({config.attempts == 0 ? "" : std::to_string(config.attempts), true});
      cells.push_back({config.error, false});
      table.add_row(std::move(cells));
    }
  }
  return fmt::format("failed by reason:\n{}\n{}", summary(failed), table.render(width));
}

void add_failures(Value::Map& document, const Failed& failed, const ConfigIter& configs) {
  Value::Map counts;
  for (const auto& [reason, count] : count_by(failed, reason_of))
    counts.emplace_back(reason, count);
  document.emplace_back("failed_by_reason", std::move(counts));
  Value::List list;
  for (const auto& config : failed) {
    const auto or_null = [](const std::string& text) {
      return text.empty() ? Value() : Value(text);
    };
    list.emplace_back(Value::Map{{"index", config.index},
                                 {"run_id", config.run_id},
                                 {"reason", or_null(config.reason)},
                                 {"error", or_null(config.error)},
                                 {"attempts", config.attempts},
                                 {"node", or_null(config.node)},
                                 {"config", configs.config(config.index).to_map()}});
  }
  document.emplace_back("failures", std::move(list));
}

}  // namespace malet::cli
