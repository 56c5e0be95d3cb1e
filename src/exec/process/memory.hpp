#pragma once

#include <sys/types.h>

#include <cstdint>

namespace malet::exec {

/// Resident memory in bytes of all processes of a process group; 0 when there is none. Looks at all
/// of /proc.
[[nodiscard]] std::uint64_t group_memory(pid_t group);

/// Resident memory of one process, in bytes.
[[nodiscard]] std::uint64_t process_memory(pid_t pid);
/// The largest it has been since the process began or reset_peak was called; 0 where unknown.
[[nodiscard]] std::uint64_t peak_memory(pid_t pid);
/// Starts the peak anew.
void reset_peak(pid_t pid);

/// How many processes of our control group the kernel has killed for want of memory; 0 where it
/// does not tell.
[[nodiscard]] std::uint64_t oom_kills();

}  // namespace malet::exec
