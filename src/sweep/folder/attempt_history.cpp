#include "sweep/folder/attempt_history.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "base/files/paths.hpp"
#include "sweep/channel/message.hpp"

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
  for (const auto& log : logs) {
    std::ifstream file(base::paths::attempts(log));
    for (std::string line; std::getline(file, line);) {
      const auto run = runs.find(std::string(attempt_run_id(line)));
      if (run == runs.end()) continue;
      take_line(run->second, line);
    }
  }
  return runs;
}

}  // namespace malet::sweep
