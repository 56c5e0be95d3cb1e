#pragma once

#include <optional>
#include <string>

namespace malet::cli {

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
