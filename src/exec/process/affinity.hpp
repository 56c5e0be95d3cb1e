#pragma once

#include <string>

namespace malet::exec {

/// The CPUs that this process may run on, as `0-3,8`; empty if unknown.
[[nodiscard]] std::string usable_cpus();
/// The number of CPUs that this process may run on; 1 if unknown.
[[nodiscard]] int usable_cores();

/// Undoes mpirun's default binding of a small job's ranks to one core each, which child processes
/// would inherit. Keeps a binding that the user asked for, or another launcher made.
void unbind_from_core();

}  // namespace malet::exec
