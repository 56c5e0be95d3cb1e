#pragma once

#include <sys/types.h>

#include <cstdint>

namespace malet::exec {

/// Resident memory in bytes of all processes of a process group; 0 if there are none. Reads all of
/// /proc.
[[nodiscard]] std::uint64_t group_memory(pid_t group);

/// Resident memory of one process, in bytes.
[[nodiscard]] std::uint64_t process_memory(pid_t pid);
/// The largest resident memory since the process began or reset_peak() was called; 0 if unknown.
[[nodiscard]] std::uint64_t peak_memory(pid_t pid);
/// Starts the peak anew.
void reset_peak(pid_t pid);

/// How many processes of our control group the kernel has killed because memory ran out; 0 if
/// unknown.
[[nodiscard]] std::uint64_t oom_kills();

}  // namespace malet::exec
