#pragma once

#include <functional>

#include "cli/screen/output.hpp"
#include "malet/error.hpp"

namespace CLI {
class App;
}

namespace malet::cli {

/// A subcommand: where its flags are parsed, and what it then does. Made by its own add function,
/// which takes the program's App.
struct Subcommand {
  CLI::App* app;
  /// Throws Error; the text of results goes to Console::out.
  std::function<ExitCode(Console&)> run;
  /// Whether what it prints is its result, so that it has failed where that cannot be written.
  bool result_is_output = true;
};

}  // namespace malet::cli
