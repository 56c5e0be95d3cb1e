#include "sweep/attempt_log.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "base/time_text.hpp"
#include "malet/error.hpp"

namespace malet::sweep {

namespace {

Value::List split_ids(const std::string& ids) {
  Value::List list;
  for (std::size_t begin = 0; begin < ids.size();) {
    const std::size_t end = std::min(ids.find(',', begin), ids.size());
    list.emplace_back(ids.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

Value or_null(std::optional<int> code) {
  return code ? Value(*code) : Value();
}

Value::Map line_of(const RunRecord& record, const Config& config, const SlotFacts& place) {
  const Attempt& attempt = *record.attempt;
  Value::Map line = {{"run_id", config.run_id()},
                     {"attempt", attempt.number},
                     {"config", config.to_map()},
                     {"node", place.node},
                     {"rank", place.rank},
                     {"slot", place.slot},
                     {"gpus", split_ids(place.gpus)},
                     {"pid", attempt.pid},
                     {"started", base::datetime_text(attempt.started)},
                     {"finished", base::datetime_text(record.at)},
                     {"reason", name_of(attempt.reason)},
                     {"exit_code", or_null(attempt.exit_code)},
                     {"signal", or_null(attempt.signal)}};
  const bool measured = attempt.peak_memory > 0;
  line.emplace_back("peak_memory", measured ? Value(attempt.peak_memory) : Value());
  line.emplace_back("cpu_seconds", attempt.cpu_seconds);
  line.emplace_back("error", record.error.empty() ? Value() : Value(record.error));
  line.emplace_back("traceback", attempt.traceback.empty() ? Value() : Value(attempt.traceback));
  line.emplace_back("stderr", attempt.error_output);
  return line;
}

}  // namespace

AttemptLog::AttemptLog(std::vector<std::filesystem::path> logs, ConfigIter configs,
                       std::vector<SlotFacts> slots)
    : unwritten_(logs.size()), configs_(std::move(configs)), slots_(std::move(slots)) {
  for (const auto& log : logs) files_.push_back(base::paths::attempts(log));
}

void AttemptLog::add(std::size_t worker, const RunRecord& record) {
  const Value line(line_of(record, configs_.config(record.index), slots_.at(worker)));
  std::string& out = unwritten_[record.index % unwritten_.size()];
  out += to_json(line);
  out += '\n';
}

void AttemptLog::flush() {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (unwritten_[i].empty()) continue;
    if (base::append_to_file(files_[i], unwritten_[i])) unwritten_[i].clear();
  }
}

std::string_view attempt_run_id(std::string_view line) {
  constexpr std::string_view beginning = R"({"run_id": ")";
  constexpr std::size_t digits = 16;
  if (!line.starts_with(beginning) || line.size() < beginning.size() + digits) return {};
  return line.substr(beginning.size(), digits);
}

std::unordered_map<std::string, std::uint64_t> count_attempts(
    const std::vector<std::filesystem::path>& logs) {
  std::unordered_map<std::string, std::uint64_t> counts;
  for (const auto& log : logs) {
    std::ifstream file(base::paths::attempts(log));
    for (std::string line; std::getline(file, line);) {
      if (const auto run_id = attempt_run_id(line); !run_id.empty()) ++counts[std::string(run_id)];
    }
  }
  return counts;
}

}  // namespace malet::sweep
