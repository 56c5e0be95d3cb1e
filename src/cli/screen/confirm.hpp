#pragma once

#include <string>

#include "cli/screen/output.hpp"

namespace malet::cli {

/// Throws Error(bad_input) that says to pass --yes where there is no terminal to ask at, unless
/// `yes` says so already.
void require_answer(const Console& console, bool yes);

/// Asks at the terminal and tells whether the answer is yes; without asking where `yes` says so.
/// Throws as require_answer.
[[nodiscard]] bool confirmed(Console& console, const std::string& question, bool yes);

}  // namespace malet::cli
