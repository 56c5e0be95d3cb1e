#pragma once

#include <string>

namespace malet::base {

/// Appends a real as Python's repr writes it: the shortest digits that read back the same, `1.0`,
/// `0.0001`, `1e-05`, `1e+16`, `inf`, `-inf`, `nan`.
void append_real(std::string& out, double value);

/// Appends an integral real without exponent and point: 1e+20 -> 100000000000000000000, -0.0 -> 0.
void append_integral(std::string& out, double value);

}  // namespace malet::base
