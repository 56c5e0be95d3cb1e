#pragma once

#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "exec/process/environment.hpp"
#include "exec/runner/runner.hpp"

namespace malet::test {

/// Looks again and again, for as long as a test may hang, whether something has come about.
template <typename Condition>
bool eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    ::usleep(1000);
  }
  return true;
}

/// Whether a process runs: one that is dead but not collected does not.
inline bool is_alive(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  const auto name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] != 'Z';
}

inline std::vector<std::string> shell(const std::string& script) {
  return {"/bin/sh", "-c", script};
}

/// A script that leaves a process behind in a session of its own.
inline std::string daemon_script() {
  return "setsid sleep 1000 & "
         "while [ \"$(cut -d' ' -f6 /proc/$!/stat)\" != $! ]; do :; done; exit 0";
}

inline std::vector<std::string> plain_environment(const exec::Variables& added = {}) {
  return exec::child_environment(exec::own_environment(), added);
}

/// What a runner told, taken in by turns as its owner would.
class RunnerWatch {
 public:
  explicit RunnerWatch(exec::Runner& runner) : runner_(runner) {}

  /// Waits for the next ending.
  exec::RunEnding ending() {
    std::optional<exec::RunEnding> ending;
    (void)eventually([&] {
      turn(ending);
      return ending.has_value();
    });
    return ending.value();
  }
  bool reaches(exec::Runner::State state) {
    std::optional<exec::RunEnding> ending;
    return eventually([&] {
      if (runner_.state() != state) turn(ending);
      return runner_.state() == state;
    });
  }
  /// Waits for so many reports in all.
  bool reported(std::size_t count) {
    std::optional<exec::RunEnding> ending;
    return eventually([&] {
      turn(ending);
      return reports.size() >= count || ending;
    });
  }

  std::vector<exec::RunReportLine> reports;

 private:
  void turn(std::optional<exec::RunEnding>& ending) {
    std::vector<pollfd> polled;
    runner_.add_descriptors(polled);
    ::poll(polled.data(), polled.size(), 2);
    ending = runner_.turn([this](exec::RunReportLine&& line) { reports.push_back(line); });
  }

  exec::Runner& runner_;
};

}  // namespace malet::test
