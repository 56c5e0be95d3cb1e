#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exec/process/environment.hpp"

namespace malet::exec {

/// The output and the end of a program that was run for its output.
struct ProgramAnswer {
  /// The exit code; nothing if there is no such program, a signal ended it, or it was killed since
  /// it took too long.
  std::optional<int> code;
  bool is_missing = false;  ///< there is no such program
  bool took_too_long = false;
  std::string out;  ///< its stdout
  std::string err;  ///< its stderr

  [[nodiscard]] bool is_good() const { return code == 0; }
};

/// A program to run, and how long to wait.
struct ProgramQuestion {
  std::vector<std::string> arguments;  ///< the program, looked for on the PATH, comes first
  Variables variables = {};            ///< added to our environment
  std::chrono::milliseconds patience{5000};
  std::size_t longest = 1U << 20U;  ///< most bytes of each stream
  /// Called every few milliseconds; true ends the waiting.
  std::function<bool()> give_up = [] { return false; };
};

/// Runs a program until it ends and has closed its output. Kills one that takes longer than
/// `patience` or writes more than `longest`. Throws nothing.
[[nodiscard]] ProgramAnswer ask_program(const ProgramQuestion& question);

/// A text without white space at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace malet::exec
