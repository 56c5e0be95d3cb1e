#include "cli/commands/command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <new>
#include <string_view>
#include <system_error>

#include "cli/commands/cancel_command.hpp"
#include "cli/commands/compact_command.hpp"
#include "cli/commands/export_command.hpp"
#include "cli/commands/gpus_command.hpp"
#include "cli/commands/import_wandb_command.hpp"
#include "cli/commands/merge_command.hpp"
#include "cli/commands/plan_command.hpp"
#include "cli/commands/resplit_command.hpp"
#include "cli/commands/run_command.hpp"
#include "cli/commands/show_command.hpp"
#include "cli/commands/status_command.hpp"
#include "cli/commands/submit_command.hpp"
#include "malet/registry.hpp"

namespace malet::cli {

namespace {

constexpr const char* description =
    "Runs the sweep of EXP/exp_config.yaml over the ranks of mpirun or srun, or on this machine,\n"
    "and writes its results to EXP/log.tsv.";

constexpr const char* footer =
    "`malet-mpi EXP` is short for `malet-mpi run EXP`.\n"
    "`malet-mpi COMMAND --help` tells more, with examples.\n\n"
    "Examples:\n  malet-mpi plan EXP\n  mpirun -q -n 9 malet-mpi EXP --plugin ./libtrain.so\n"
    "  malet-mpi status EXP\n  malet-mpi show EXP --sort val_loss --top 10";

std::string version() {
  return fmt::format("malet-mpi {}.{}.{}", MALET_VERSION / 10000, MALET_VERSION / 100 % 100,
                     MALET_VERSION % 100);
}

/// A program with its commands; holds what their flags set.
struct Program {
  explicit Program(const std::string& name) : app(description, name) {
    app.set_version_flag("--version", version());
    app.footer(footer);
    app.require_subcommand(0, 1);
    for (auto* add : {add_run_command, add_plan_command, add_status_command, add_show_command,
                      add_merge_command, add_resplit_command, add_mark_failed_command,
                      add_compact_command, add_export_command, add_import_wandb_command,
                      add_gpus_command, add_submit_command, add_cancel_command}) {
      commands.push_back(add(app));
    }
  }

  CLI::App app;
  std::vector<Subcommand> commands;
};

std::string program_name(const std::vector<std::string>& arguments) {
  const auto name = arguments.empty()
                        ? std::string()
                        : std::filesystem::path(arguments.front()).filename().string();
  return name.empty() ? "malet-mpi" : name;
}

bool names_command(const Program& program, const std::string& argument) {
  const std::string_view own_flags[] = {"-h", "--help", "--version"};
  return std::find(std::begin(own_flags), std::end(own_flags), argument) != std::end(own_flags) ||
         std::any_of(program.commands.begin(), program.commands.end(),
                     [&](const Subcommand& command) { return command.app->check_name(argument); });
}

/// The arguments without the program's name, `run` put in where no command is named; last first,
/// as CLI11 takes them.
std::vector<std::string> parser_arguments(const Program& program,
                                          const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed;
  for (auto argument = arguments.rbegin(); argument != arguments.rend() - 1; ++argument) {
    // CLI11 takes what follows `--flag=` for the flag's value, as if the empty one were not there.
    const bool is_empty =
        argument->substr(0, 2) == "--" && argument->find('=') + 1 == argument->size();
    if (is_empty) reversed.emplace_back();
    reversed.push_back(is_empty ? argument->substr(0, argument->size() - 1) : *argument);
  }
  if (!names_command(program, reversed.back())) reversed.emplace_back("run");
  return reversed;
}

/// What is wrong with the arguments, where CLI11's own words would not help.
std::string complaint(const Program& program, const CLI::App& app, const CLI::ParseError& error,
                      const std::string& first) {
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string_view text = error.what();
    const bool is_repeated = text.find("received") != std::string_view::npos;
    return fmt::format("{}: {}", text.substr(0, text.find(": ")),
                       is_repeated ? "is given more than once" : "give it a value");
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return error.what();
  std::error_code ignored;
  const bool is_folder = first.substr(0, 1) == "-" || std::filesystem::exists(first, ignored);
  if (names_command(program, first) || is_folder) {
    return fmt::format("not expected: {}", fmt::join(app.remaining(), " "));
  }
  std::vector<std::string> names;
  for (const Subcommand& command : program.commands) names.push_back(command.app->get_name());
  return fmt::format("'{}' is neither a command ({}) nor an experiment folder", first,
                     fmt::join(names, ", "));
}

/// Ends parsing early: help and version are results, everything else is bad usage.
ExitCode finish_parse(const Program& program, const CLI::ParseError& error,
                      const std::string& first, Console& console) {
  const CLI::App* app = &program.app;
  for (const Subcommand& command : program.commands) {
    if (command.app->parsed()) app = command.app;
  }
  const bool is_top = app == &program.app;
  if (dynamic_cast<const CLI::CallForHelp*>(&error) != nullptr) {
    console.out.write(is_top ? app->help() : app->help(program.app.get_name()));
    return ExitCode::complete;
  }
  if (dynamic_cast<const CLI::CallForVersion*>(&error) != nullptr) {
    console.out.write(version() + "\n");
    return ExitCode::complete;
  }
  const std::string& name = program.app.get_name();
  console.err.write(fmt::format("{}: {}; `{}{}{} --help` tells how to use it\n", name,
                                complaint(program, *app, error, first), name, is_top ? "" : " ",
                                is_top ? "" : app->get_name()));
  return ExitCode::bad_input;
}

ExitCode dispatch(const Program& program, Console& console) {
  for (const Subcommand& command : program.commands) {
    if (!command.app->parsed()) continue;
    const ExitCode code = command.run(console);
    if (console.out.failure().empty()) return code;
    const std::string warning = "cannot write the output: " + console.out.failure();
    if (command.result_is_output) throw Error(ErrorKind::internal, warning);
    console.err.write(fmt::format("{}: {}\n", program.app.get_name(), warning));
    return code;
  }
  throw Error(ErrorKind::internal, "no command was chosen");
}

ExitCode run_program(Program& program, const std::vector<std::string>& arguments,
                     Console& console) {
  if (arguments.size() < 2) {
    console.err.write(program.app.help());
    return ExitCode::bad_input;
  }
  try {
    program.app.parse(parser_arguments(program, arguments));
  } catch (const CLI::ParseError& error) {
    return finish_parse(program, error, arguments[1], console);
  }
  return dispatch(program, console);
}

}  // namespace

ExitCode run_command_line(const std::vector<std::string>& arguments, Console& console) {
  const std::string name = program_name(arguments);
  try {
    Program program(name);
    return run_program(program, arguments, console);
  } catch (const Error& error) {
    // What is wrong with the input all ranks see alike; of a failure one rank may alone know.
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
