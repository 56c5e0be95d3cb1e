#pragma once

#include <optional>
#include <string>

#include "cli/screen/output.hpp"

namespace malet::cli {

/// Throws Error(bad_input) that says to pass --yes where there is no terminal to ask at, unless
/// `yes` says so already.
void require_answer(const Console& console, bool yes);

/// Asks at the terminal and tells whether the answer is yes; without asking where `yes` says so.
/// Throws as require_answer.
[[nodiscard]] bool confirmed(Console& console, const std::string& question, bool yes);

/// Lines from a descriptor: a terminal, a pipe or a file.
class LineInput {
 public:
  explicit LineInput(int descriptor) : descriptor_(descriptor) {}

  /// The next line without its end; nothing at the end of the input, or where it cannot be read.
  [[nodiscard]] std::optional<std::string> read_line();

 private:
  int descriptor_;
  std::string rest_;  // what was read behind the last line
};

}  // namespace malet::cli
