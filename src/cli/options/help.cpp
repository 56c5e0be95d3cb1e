#include "cli/options/help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>

#include "cli/screen/text_table.hpp"

namespace malet::cli {

namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t indent = 28;  // of what options mean

constexpr const char* program_summary =
    "Runs the sweep of EXP/exp_config.yaml over the ranks of mpirun or srun, or on\n"
    "this machine, and writes its results to EXP/log.tsv.\n";

constexpr const char* program_notes =
    "`malet-mpi EXP` is short for `malet-mpi run EXP`.\n"
    "`malet-mpi COMMAND --help` tells more, with examples.\n\n"
    "Examples:\n  malet-mpi plan EXP\n  mpirun -q -n 9 malet-mpi EXP --plugin ./libtrain.so\n"
    "  malet-mpi status EXP\n  malet-mpi show EXP --sort val_loss --top 10\n";

/// A line for an option: what it is called, then what it means, wrapped.
std::string help_line(const std::string& name, std::string_view meaning) {
  std::string text = "  " + name;
  std::size_t column = text_width(text);
  if (column + 2 > indent) {
    text += "\n";
    column = 0;
  }
  text.append(indent - column, ' ');
  column = indent;
  while (!meaning.empty()) {
    const std::string_view word = meaning.substr(0, meaning.find(' '));
    meaning.remove_prefix(std::min(meaning.size(), word.size() + 1));
    if (column > indent && column + 1 + text_width(word) > columns) {
      text += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      text += ' ';
      ++column;
    }
    text += word;
    column += text_width(word);
  }
  return text + "\n";
}

/// `-j, --jobs N`
std::string shown_name(const Option& option) {
  std::string name = option.names;
  if (const std::size_t comma = name.find(','); comma != std::string::npos)
    name.insert(comma + 1, " ");
  if (option.is_positional() || option.form.metavar.empty()) return name;
  return name + " " + option.form.metavar;
}

/// What it means, with an example, the default and whether it can be left out.
std::string meaning_of(const Option& option) {
  std::vector<std::string> facts;
  if (option.required && !option.is_positional()) facts.emplace_back("required");
  if (!option.example.empty()) facts.push_back("as " + option.example);
  if (!option.standard.empty()) facts.push_back("default " + option.standard);
  if (facts.empty()) return option.help;
  return fmt::format("{} ({})", option.help, fmt::join(facts, "; "));
}

/// The groups of a command's options, in order.
std::vector<std::string> groups_of(const Command& command) {
  std::vector<std::string> groups;
  for (const Option& option : command.options) {
    if (option.is_positional()) continue;
    if (std::find(groups.begin(), groups.end(), option.group) == groups.end()) {
      groups.push_back(option.group);
    }
  }
  return groups;
}

std::string example_lines(const Command& command) {
  return fmt::format("{}:\n  {}\n", command.examples.size() == 1 ? "Example" : "Examples",
                     fmt::join(command.examples, "\n  "));
}

/// Text as a cell of a table in Markdown.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) {
    text.insert(at, "\\");
  }
  return text;
}

std::string table_row(const Option& option) {
  std::string meaning = option.help;
  if (!option.example.empty()) meaning += fmt::format(", as `{}`", option.example);
  return fmt::format("| `{}` | {} | {} |\n", cell(shown_name(option)), cell(meaning),
                     option.required ? "required" : cell(option.standard));
}

std::string markdown_section(const Command& command) {
  std::string text = fmt::format("\n## {}\n\n{}: `{}`\n", command.name, command.summary,
                                 usage("malet-mpi", command));
  text += "\n| option | meaning | default |\n|---|---|---|\n";
  for (const Option& option : command.options) {
    if (option.is_positional()) text += table_row(option);
  }
  for (const std::string& group : groups_of(command)) {
    text += fmt::format("| **{}** | | |\n", group);
    for (const Option& option : command.options) {
      if (option.group == group) text += table_row(option);
    }
  }
  return text + fmt::format("\n```sh\n{}\n```\n", fmt::join(command.examples, "\n"));
}

}  // namespace

std::string usage(const std::string& program, const Command& command) {
  std::string text = program + " " + command.name + " [OPTIONS]";
  for (const Option& option : command.options) {
    if (!option.is_positional()) continue;
    const bool is_list = option.form.times == Form::Times::repeated;
    const std::string name = option.names + (is_list ? "..." : "");
    text += option.required ? " " + name : " [-- " + name + "]";
  }
  return text;
}

std::string help_text(const std::string& program, const Command& command) {
  std::string text = command.summary + "\n\nUsage: " + usage(program, command) + "\n\n";
  for (const Option& option : command.options) {
    if (option.is_positional()) text += help_line(shown_name(option), meaning_of(option));
  }
  for (const std::string& group : groups_of(command)) {
    text += fmt::format("\n{}:\n", group);
    for (const Option& option : command.options) {
      if (option.group == group) text += help_line(shown_name(option), meaning_of(option));
    }
  }
  text += "\n" + help_line("-h, --help", "Print this help message and exit") + "\n";
  if (!command.notes.empty()) text += command.notes + "\n\n";
  return text + example_lines(command);
}

std::string help_text(const std::string& program, const std::vector<Command>& commands) {
  std::string text = program_summary + fmt::format("\nUsage: {} [OPTIONS] [COMMAND]\n\n", program);
  text += help_line("-h, --help", "Print this help message and exit");
  text += help_line("--version", "Display program version information and exit");
  text += "\nCommands:\n";
  for (const Command& command : commands) text += help_line(command.name, command.summary);
  return text + "\n" + program_notes;
}

std::string commands_markdown(const std::vector<Command>& commands) {
  std::string text =
      "# Commands\n\n"
      "Every option of every command, as `--help` tells them. Options of `run` may also stand in\n"
      "`EXP/malet.yaml`, by their names without dashes. This page is made from the table in\n"
      "`src/cli/options/`; a test of `unit_cli` compares them, and writes the page anew where\n"
      "`MALET_WRITE_DOCS` is set.\n";
  for (const Command& command : commands) text += markdown_section(command);
  return text;
}

}  // namespace malet::cli
