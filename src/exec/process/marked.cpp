#include "exec/process/marked.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/files/process_facts.hpp"
#include "exec/process/guardian.hpp"

namespace malet::exec {

namespace {

pid_t parse_pid(std::string_view text) {
  pid_t pid = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
  return error == std::errc() && end == text.data() + text.size() ? pid : 0;
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
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const pid_t pid = parse_pid(entry->path().filename().string());
    if (pid > 1 && pid != ::getpid() && is_marked(pid, mark)) found.push_back(pid);
  }
  return found;
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
