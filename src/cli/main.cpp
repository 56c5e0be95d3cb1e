#include "malet/main.hpp"

#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/output.hpp"
#include "exec/launcher.hpp"

int malet::main(int argc, char** argv) {
  cli::occupy_standard_streams();
  const exec::Launcher launcher = exec::launcher();
  cli::Console console(launcher.present && launcher.rank != 0);
  const std::vector<std::string> arguments(argv, argv + argc);
  return static_cast<int>(cli::run_command_line(arguments, console));
}
