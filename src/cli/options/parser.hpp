#pragma once

#include <string>
#include <vector>

#include "cli/options/option.hpp"

namespace malet::cli {

/// What a command line asks for.
struct Parsed {
  enum class Wish { command, help, version, nothing };

  Wish wish = Wish::nothing;         ///< nothing: it is not understood
  const Command* command = nullptr;  ///< nullptr: the program itself
  Given given;
  std::string complaint;  ///< why it is not understood
};

/// Parses the arguments behind the program's name, and has the options of the command that they
/// name read; `run` where they name none.
[[nodiscard]] Parsed parse(const std::vector<std::string>& arguments,
                           const std::vector<Command>& commands);

}  // namespace malet::cli
