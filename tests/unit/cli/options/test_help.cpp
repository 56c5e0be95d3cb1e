#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "base/files/files.hpp"
#include "catch.hpp"
#include "cli/commands/commands.hpp"
#include "cli/options/help.hpp"
#include "cli/screen/text_table.hpp"

using namespace malet::cli;

TEST_CASE("help has lines of at most 80 columns") {
  for (const Command& command : all_commands()) {
    std::istringstream lines(help_text("malet-mpi", command));
    for (std::string line; std::getline(lines, line);) {
      INFO(command.name << ": " << line);
      CHECK(text_width(line) <= 80);
    }
  }
}

TEST_CASE("help has options in groups, with example and default") {
  const std::string help = help_text("malet-mpi", run_command());
  CHECK_THAT(help, ContainsSubstring("Usage: malet-mpi run [OPTIONS] EXP\n\n  EXP   "));
  CHECK_THAT(help, ContainsSubstring("\nWhich configs:\n  --filter EXPR "));
  CHECK_THAT(help, ContainsSubstring("  -j, --jobs N              Runs at a time"));
  CHECK_THAT(help, ContainsSubstring("\n  --rank0 auto|coordinate|work\n        "));
  CHECK_THAT(help, ContainsSubstring("Memory that a run may hold (as 8G)\n"));
}

TEST_CASE("each option has a group and a meaning, and takes its example") {
  for (const Command& command : all_commands()) {
    for (const Option& option : command.options) {
      INFO(command.name << " " << option.names);
      CHECK(option.is_positional() == option.group.empty());
      CHECK_FALSE(option.help.empty());
      if (!option.example.empty()) CHECK_NOTHROW(option.form.read(option.example));
    }
  }
}

TEST_CASE("docs/commands.md is what the table of options says") {
  const auto page = std::filesystem::path(MALET_TEST_DATA) / "../../docs/commands.md";
  const std::string text = commands_markdown(all_commands());
  if (std::getenv("MALET_WRITE_DOCS") != nullptr) std::ofstream(page) << text;
  CHECK(malet::base::read_file(page) == text);
}
