#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/process/environment.hpp"

namespace malet::exec {

/// What came of a program that was asked something.
struct ProgramAnswer {
  /// The exit code; nothing where there is no such program, a signal ended it, or it took too long
  /// and was killed.
  std::optional<int> code;
  bool is_missing = false;  ///< there is no such program
  bool took_too_long = false;
  std::string out;  ///< what it wrote to stdout
  std::string err;  ///< and to stderr

  [[nodiscard]] bool is_good() const { return code == 0; }
};

/// How to ask.
struct ProgramQuestion {
  std::vector<std::string> arguments;  ///< the program, looked for on the PATH, comes first
  Variables variables = {};            ///< what its environment has besides ours
  std::chrono::milliseconds patience{5000};
  std::size_t longest = 1U << 20U;  ///< so many bytes of each stream are taken, no more
  /// Asked every few milliseconds; once it is true, nothing is waited for any more.
  std::function<bool()> give_up = [] { return false; };
};

/// Runs a program until it has closed its output and ended, and tells what it said. One that takes
/// longer than `patience`, or says more than `longest`, is killed. Never throws for what the
/// program does.
[[nodiscard]] ProgramAnswer ask_program(const ProgramQuestion& question);

/// What a program said without white space at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace malet::exec
