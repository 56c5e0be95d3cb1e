#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace malet::exec {

/// The environment variable that marks the processes of a rank's slots, wherever they moved. Its
/// value is the rank's mark, a dot and the slot's number.
inline constexpr std::string_view mark_variable = "MALET_SLOT";

/// Processes of this user whose mark begins with `mark`, without this process. Reads all of /proc:
/// some milliseconds.
[[nodiscard]] std::vector<pid_t> marked_processes(std::string_view mark);

/// Whether the mark of a process begins with `mark`. To compare a whole mark, end it with a null
/// byte.
[[nodiscard]] bool is_marked(pid_t pid, std::string_view mark);

/// Kills marked_processes() until there are none, for a few seconds at most. Gives their number.
std::size_t kill_marked(std::string_view mark);

/// Makes this process the parent of descendants whose parent dies, so that it can collect them.
void adopt_orphans();

/// The children of this thread, adopted ones included.
[[nodiscard]] std::vector<pid_t> children();

}  // namespace malet::exec
