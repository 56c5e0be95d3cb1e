#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/options/parser.hpp"
#include "malet/error.hpp"

/// Has a list of options read from arguments, as those of a command. Throws Error(bad_input) with
/// the complaint where they are not understood.
inline malet::cli::Given parse_options(std::vector<malet::cli::Option> options,
                                       std::vector<std::string> arguments) {
  const std::vector<malet::cli::Command> commands = {
      {"test", "A command", std::move(options), {}, {}, {}}};
  arguments.insert(arguments.begin(), "test");
  const malet::cli::Parsed parsed = malet::cli::parse(arguments, commands);
  if (parsed.wish == malet::cli::Parsed::Wish::command) return parsed.given;
  throw malet::Error(malet::ErrorKind::bad_input, parsed.complaint);
}
