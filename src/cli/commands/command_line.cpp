#include <fmt/format.h>

#include <filesystem>
#include <new>

#include "cli/commands/commands.hpp"
#include "cli/options/help.hpp"
#include "cli/options/parser.hpp"
#include "malet/registry.hpp"

namespace malet::cli {

namespace {

std::string version() {
  return fmt::format("malet-mpi {}.{}.{}", MALET_VERSION / 10000, MALET_VERSION / 100 % 100,
                     MALET_VERSION % 100);
}

std::string program_name(const std::vector<std::string>& arguments) {
  const auto name = arguments.empty()
                        ? std::string()
                        : std::filesystem::path(arguments.front()).filename().string();
  return name.empty() ? "malet-mpi" : name;
}

ExitCode run_chosen(const Command& command, Call call, Console& console) {
  const ExitCode code = command.run(call, console);
  if (console.out.failure().empty()) return code;
  const std::string warning = "cannot write the output: " + console.out.failure();
  if (command.result_is_output) throw Error(ErrorKind::internal, warning);
  console.err.write(fmt::format("{}: {}\n", call.program, warning));
  return code;
}

ExitCode run_program(const std::string& name, const std::vector<std::string>& arguments,
                     Console& console) {
  const std::vector<Command> commands = all_commands();
  if (arguments.size() < 2) {
    console.err.write(help_text(name, commands));
    return ExitCode::bad_input;
  }
  const Parsed parsed = parse({arguments.begin() + 1, arguments.end()}, commands);
  const Command* command = parsed.command;
  switch (parsed.wish) {
    case Parsed::Wish::command:
      return run_chosen(*command, {name, parsed.given}, console);
    case Parsed::Wish::help:
      console.out.write(command == nullptr ? help_text(name, commands) : help_text(name, *command));
      return ExitCode::complete;
    case Parsed::Wish::version:
      console.out.write(version() + "\n");
      return ExitCode::complete;
    case Parsed::Wish::nothing:
      break;
  }
  console.err.write(fmt::format("{}: {}; `{}{}{} --help` tells how to use it\n", name,
                                parsed.complaint, name, command == nullptr ? "" : " ",
                                command == nullptr ? "" : command->name));
  return ExitCode::bad_input;
}

}  // namespace

std::vector<Command> all_commands() {
  return {run_command(),    plan_command(),         status_command(),      show_command(),
          merge_command(),  resplit_command(),      mark_failed_command(), compact_command(),
          export_command(), import_wandb_command(), gpus_command(),        submit_command(),
          cancel_command()};
}

ExitCode run_command_line(const std::vector<std::string>& arguments, Console& console) {
  const std::string name = program_name(arguments);
  try {
    return run_program(name, arguments, console);
  } catch (const Error& error) {
    // All ranks see alike what is wrong with the input. One rank alone may know of a failure.
    if (error.kind() == ErrorKind::internal) console.err.unmute();
    console.err.write(fmt::format("{}: {}\n", name, error.what()));
    return error.exit_code();
  } catch (const std::bad_alloc&) {
    console.err.unmute();
    console.err.write(name + ": there is not enough memory\n");
  } catch (const std::exception& error) {
    console.err.unmute();
    console.err.write(fmt::format("{}: internal error: {}\n", name, error.what()));
  }
  return ExitCode::internal;
}

}  // namespace malet::cli
