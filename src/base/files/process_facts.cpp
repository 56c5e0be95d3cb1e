#include "base/files/process_facts.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace malet::base {

namespace {

// Fields of /proc/PID/stat, counted from the state, which is the third of all.
constexpr std::size_t threads_field = 17;
constexpr std::size_t start_time_field = 19;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

std::optional<ProcessStat> stat_of(pid_t pid) {
  return parse_process_stat(text_of(fmt::format("/proc/{}/stat", pid)));
}

/// The first thread of a process may have ended before the others.
bool has_ended(const ProcessStat& stat) {
  return (stat.state == 'Z' || stat.state == 'X') && stat.threads <= 1;
}

}  // namespace

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : std::string();
}

std::string process_space() {
  std::string boot = text_of("/proc/sys/kernel/random/boot_id");
  boot.erase(boot.find_last_not_of(" \n") + 1);
  std::error_code ignored;
  const std::string pids = std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
  return boot.empty() || pids.empty() ? boot + pids : fmt::format("{} {}", boot, pids);
}

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
  // The name in front may hold blanks and brackets itself.
  const auto name_end = text.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  text.remove_prefix(name_end + 2);
  std::array<std::string_view, start_time_field + 1> fields;
  for (std::string_view& field : fields) {
    field = text.substr(0, text.find_first_of(" \n"));
    if (field.empty()) return std::nullopt;
    text.remove_prefix(std::min(field.size() + 1, text.size()));
  }
  ProcessStat stat{fields[0].front()};
  const bool read = read_number(fields[threads_field], stat.threads) &&
                    read_number(fields[start_time_field], stat.start_time);
  return read ? std::optional(stat) : std::nullopt;
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
