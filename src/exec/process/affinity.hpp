#pragma once

#include <string>

namespace malet::exec {

/// The CPUs this process may run on, as `0-3,8`; empty where the system does not tell.
[[nodiscard]] std::string usable_cpus();
/// How many those are, at least one.
[[nodiscard]] int usable_cores();

/// Undoes the binding to one core that mpirun gives a rank of a small job without being asked:
/// whatever the rank starts would inherit it. Does nothing where the user asked for a binding, or
/// where another launcher made it.
void unbind_from_core();

}  // namespace malet::exec
