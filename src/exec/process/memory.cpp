#include "exec/process/memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <string>
#include <system_error>

#include "base/files/descriptor.hpp"
#include "base/files/files.hpp"
#include "base/files/process_facts.hpp"
#include "base/text/text_parts.hpp"

namespace malet::exec {

namespace {

/// The number that follows `label` and blanks.
std::uint64_t number_after(const std::string& text, std::string_view label) {
  std::size_t begin = text.find(label);
  if (begin == std::string::npos) return 0;
  begin = text.find_first_not_of(" \t", begin + label.size());
  std::uint64_t number = 0;
  if (begin != std::string::npos) {
    std::from_chars(text.data() + begin, text.data() + text.size(), number);
  }
  return number;
}

/// The process group in the text of /proc/PID/stat: the third field after the name, which is in
/// parentheses and may hold anything.
pid_t group_of(const std::string& stat) {
  std::size_t position = stat.rfind(')');
  for (int field = 0; field < 3 && position != std::string::npos; ++field) {
    position = stat.find(' ', position + 1);
  }
  pid_t group = 0;
  if (position != std::string::npos) {
    std::from_chars(stat.data() + position + 1, stat.data() + stat.size(), group);
  }
  return group;
}

/// The memory.events file of our control group (version 2), if there is one.
std::string events_file() {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (line.starts_with("0::")) return "/sys/fs/cgroup" + line.substr(3) + "/memory.events";
  }
  return {};
}

}  // namespace

std::uint64_t process_memory(pid_t pid) {
  const std::string pages = base::proc_text(fmt::format("/proc/{}/statm", pid));
  return number_after(pages, " ") * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t group_memory(pid_t group) {
  std::uint64_t sum = 0;
  std::error_code ignored;
  for (const auto& path : base::entries("/proc", ignored)) {
    const auto pid = base::whole_number(path.filename().string());
    if (pid && group_of(base::proc_text(path / "stat")) == group) {
      sum += process_memory(static_cast<pid_t>(*pid));
    }
  }
  return sum;
}

std::uint64_t peak_memory(pid_t pid) {
  return number_after(base::proc_text(fmt::format("/proc/{}/status", pid)), "VmHWM:") * 1024;
}

void reset_peak(pid_t pid) {
  const base::Descriptor file(
      ::open(fmt::format("/proc/{}/clear_refs", pid).c_str(), O_WRONLY | O_CLOEXEC));
  if (file.is_open()) (void)!::write(file.get(), "5", 1);
}

std::uint64_t oom_kills() {
  static const std::string file = events_file();
  return file.empty() ? 0 : number_after(base::proc_text(file), "oom_kill ");
}

}  // namespace malet::exec
