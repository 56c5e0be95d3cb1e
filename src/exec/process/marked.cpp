#include "exec/process/marked.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string>
#include <system_error>
#include <thread>

#include "base/files/files.hpp"
#include "base/files/process_facts.hpp"
#include "base/text/text_parts.hpp"

namespace malet::exec {

namespace {

constexpr int rounds = 200;
constexpr std::chrono::milliseconds between_rounds(10);

pid_t parse_pid(std::string_view text) {
  return static_cast<pid_t>(base::whole_number(text).value_or(0));
}

}  // namespace

bool is_marked(pid_t pid, std::string_view mark) {
  const std::string wanted = fmt::format("{}={}", mark_variable, mark);
  const std::string environment = base::proc_text(fmt::format("/proc/{}/environ", pid));
  if (environment.starts_with(wanted)) return true;
  return environment.find(std::string(1, '\0') + wanted) != std::string::npos;
}

std::vector<pid_t> marked_processes(std::string_view mark) {
  std::vector<pid_t> found;
  std::error_code ignored;
  for (const auto& path : base::entries("/proc", ignored)) {
    const pid_t pid = parse_pid(path.filename().string());
    if (pid > 1 && pid != ::getpid() && is_marked(pid, mark)) found.push_back(pid);
  }
  return found;
}

std::size_t kill_marked(std::string_view mark) {
  std::size_t killed = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto marked = marked_processes(mark);
    if (marked.empty()) return killed;
    for (const pid_t pid : marked) {
      if (::kill(pid, SIGKILL) == 0) ++killed;
    }
    std::this_thread::sleep_for(between_rounds);
  }
  return killed;
}

void adopt_orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

std::vector<pid_t> children() {
  const auto thread = ::syscall(SYS_gettid);
  const std::string text = base::proc_text(fmt::format("/proc/self/task/{}/children", thread));
  std::vector<pid_t> found;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find(' ', begin);
    if (end == std::string::npos) end = text.size();
    if (const pid_t pid = parse_pid(std::string_view(text).substr(begin, end - begin)); pid > 0) {
      found.push_back(pid);
    }
    begin = end + 1;
  }
  return found;
}

}  // namespace malet::exec
