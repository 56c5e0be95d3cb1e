#pragma once

#include <sys/types.h>

#include <string_view>
#include <vector>

namespace malet::exec {

/// The processes of this user whose environment has mark_variable (exec/guardian.hpp) with a value
/// that begins with `mark`, this one left out. Looks at all of /proc: some milliseconds.
[[nodiscard]] std::vector<pid_t> marked_processes(std::string_view mark);

/// Whether that process carries a mark that begins so; a `mark` that ends with a null byte is all
/// of it.
[[nodiscard]] bool is_marked(pid_t pid, std::string_view mark);

/// From now on processes whose parent has died become children of this one, however they tried to
/// get away, so that they can be found and collected.
void adopt_orphans();

/// The children of this thread, adopted ones included.
[[nodiscard]] std::vector<pid_t> children();

}  // namespace malet::exec
