#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace malet::base {

/// The name of this machine; empty where it has none.
[[nodiscard]] std::string host_name();

/// Tells machines and containers of one name apart: where this equals, a pid means the same
/// process. The boot id and the pid namespace; a part that cannot be read is left out.
[[nodiscard]] std::string process_space();

/// What /proc/PID/stat says of a process.
struct ProcessStat {
  char state = '?';              ///< Z: dead, but not collected
  std::int64_t threads = 0;      ///< that have not ended; one for a dead process
  std::uint64_t start_time = 0;  ///< clock ticks since the machine started

  friend bool operator==(const ProcessStat&, const ProcessStat&) = default;
};

/// Reads the text of a /proc/PID/stat; nothing for any other text.
[[nodiscard]] std::optional<ProcessStat> parse_process_stat(std::string_view text);

/// When a process of this process space started, as in ProcessStat; 0 where that cannot be told.
[[nodiscard]] std::uint64_t process_start_time(pid_t pid);

enum class ProcessLife {
  running,
  gone,     ///< ended, collected or not, or its pid is another process's now
  unknown,  ///< there may be a process of that pid, but not whether it is that very one
};

/// Whether that very process of this process space lives: pid and start time, which may be 0.
[[nodiscard]] ProcessLife process_life(pid_t pid, std::uint64_t start_time);

}  // namespace malet::base
