#include "sweep/recording/attempt_log.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/text/time_text.hpp"
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

Value::Map line_of(const RunRecord& record, const Config& config, const SlotFacts* place) {
  const Attempt& attempt = *record.attempt;
  Value::Map line = {{"run_id", config.run_id()},
                     {"attempt", attempt.number},
                     {"config", config.to_map()},
                     {"node", place == nullptr ? Value() : Value(place->node)},
                     {"rank", place == nullptr ? Value() : Value(place->rank)},
                     {"slot", place == nullptr ? Value() : Value(place->slot)},
                     {"gpus", split_ids(place == nullptr ? std::string() : place->gpus)},
                     {"pid", attempt.pid == 0 ? Value() : Value(attempt.pid)},
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

void AttemptLog::add(std::optional<std::size_t> worker, const RunRecord& record) {
  const SlotFacts* place = worker && !slots_.empty() ? &slots_.at(*worker) : nullptr;
  const Value line(line_of(record, configs_.config(record.index), place));
  std::string& out = unwritten_[record.index % unwritten_.size()];
  out += to_json(line);
  out += '\n';
}

void AttemptLog::flush() {
  why_.clear();
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (unwritten_[i].empty()) continue;
    if (base::append_to_file(files_[i], unwritten_[i])) {
      unwritten_[i].clear();
    } else {
      why_ = files_[i].string() + ": cannot be written: " + std::strerror(errno);
    }
  }
}

}  // namespace malet::sweep
