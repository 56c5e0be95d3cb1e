#include "malet/main.hpp"

#include <csignal>
#include <string>
#include <vector>

#include "cli/commands/commands.hpp"
#include "cli/screen/output.hpp"
#include "exec/host/host_main.hpp"
#include "exec/process/guardian.hpp"
#include "exec/slurm/launcher.hpp"

int malet::main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (argc > 1) {
    const std::vector<std::string> rest(argv + 2, argv + argc);
    if (arguments[1] == exec::host_argument) return exec::host_main(rest);
    if (arguments[1] == exec::guardian_argument) return exec::guardian_main(rest);
  }
  cli::occupy_standard_streams();
  // A limit on files (ulimit -f) is an error of a write, as a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  const exec::Launcher launcher = exec::launcher();
  cli::Console console(launcher.present && launcher.rank != 0);
  return static_cast<int>(cli::run_command_line(arguments, console));
}
