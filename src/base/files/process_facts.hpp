#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

/// The content of a file of /proc, at most about 4 MiB; empty when it cannot be read. Such a file
/// has no size before it is read.
[[nodiscard]] std::string proc_text(const std::filesystem::path& path);

/// The name of this machine; empty when it has none.
[[nodiscard]] std::string host_name();

/// The boot id and the pid namespace: where both are equal, a pid means the same process. Tells
/// apart machines and containers of one name. A part that cannot be read is left out.
[[nodiscard]] std::string process_space();

/// Fields of /proc/PID/stat.
struct ProcessStat {
  char state = '?';              ///< Z: dead, but not collected
  std::int64_t threads = 0;      ///< still running; one for a dead process
  std::uint64_t start_time = 0;  ///< clock ticks since the machine started

  friend bool operator==(const ProcessStat&, const ProcessStat&) = default;
};

/// Reads the text of a /proc/PID/stat; nothing for any other text.
[[nodiscard]] std::optional<ProcessStat> parse_process_stat(std::string_view text);

/// The start time of a process of this process space, as in ProcessStat; 0 when unknown.
[[nodiscard]] std::uint64_t process_start_time(pid_t pid);

enum class ProcessLife {
  running,
  gone,     ///< ended, collected or not; or another process has its pid now
  unknown,  ///< a process has this pid, and it cannot be told whether it is this one
};

/// Whether the process of this process space with this pid and start time (0: unknown) is alive.
[[nodiscard]] ProcessLife process_life(pid_t pid, std::uint64_t start_time);

}  // namespace malet::base
