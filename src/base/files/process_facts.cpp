#include "base/files/process_facts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "base/files/descriptor.hpp"
#include "base/text/text_parts.hpp"

namespace malet::base {

namespace {

// Fields of /proc/PID/stat, counted from the state, which is the third of all.
constexpr std::size_t threads_field = 17;
constexpr std::size_t start_time_field = 19;

std::optional<ProcessStat> stat_of(pid_t pid) {
  return parse_process_stat(proc_text(fmt::format("/proc/{}/stat", pid)));
}

/// Whether all threads have ended. The first one, whose state this is, may end before the others.
bool has_ended(const ProcessStat& stat) {
  return (stat.state == 'Z' || stat.state == 'X') && stat.threads <= 1;
}

}  // namespace

std::string proc_text(const std::filesystem::path& path) {
  constexpr std::size_t longest = std::size_t{4} << 20U;
  std::string text;
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 8192> block;  // NOLINT: filled as far as it is read
  while (file.is_open() && text.size() < longest) {
    const ssize_t got = ::read(file.get(), block.data(), block.size());
    if (got <= 0) break;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  return text;
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : std::string();
}

std::string process_space() {
  std::string boot = proc_text("/proc/sys/kernel/random/boot_id");
  boot.erase(boot.find_last_not_of(" \n") + 1);
  std::error_code ignored;
  const std::string pids = std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
  return boot.empty() || pids.empty() ? boot + pids : fmt::format("{} {}", boot, pids);
}

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  // The process name in front may hold blanks and brackets.
  const auto name_end = text.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(name_end + 2);
  std::array<std::string_view, start_time_field + 1> fields;
  for (std::string_view& field : fields) {
    field = text.substr(0, text.find_first_of(" \n"));
    if (field.empty()) return std::nullopt;
    text.remove_prefix(std::min(field.size() + 1, text.size()));
  }
  const auto threads = whole_number(fields[threads_field]);
  const auto start_time = whole_number(fields[start_time_field]);
  if (!threads || !start_time) return std::nullopt;
  return ProcessStat{fields[0].front(), static_cast<std::int64_t>(*threads), *start_time};
}

std::uint64_t process_start_time(pid_t pid) {
  const auto stat = stat_of(pid);
  return stat ? stat->start_time : 0;
}

ProcessLife process_life(pid_t pid, std::uint64_t start_time) {
  if (pid <= 0) return ProcessLife::gone;
  const auto stat = stat_of(pid);
  // /proc may be missing, or hide the processes of other users.
  if (!stat) {
    const bool none = ::kill(pid, 0) != 0 && errno == ESRCH;
    return none ? ProcessLife::gone : ProcessLife::unknown;
  }
  if (has_ended(*stat)) return ProcessLife::gone;
  if (start_time == 0) return ProcessLife::unknown;
  return stat->start_time == start_time ? ProcessLife::running : ProcessLife::gone;
}

}  // namespace malet::base
