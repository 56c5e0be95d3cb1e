// The only file that knows CLI11: it splits a command line into options and their texts.
#include "cli/options/parser.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace malet::cli {

namespace {

/// Has all texts of an option read.
bool read_all(const Option& option, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    try {
      option.form.read(text);
    } catch (const Error& error) {
      throw CLI::ValidationError(option.names, error.what());
    }
  }
  return true;
}

class Parser {
 public:
  explicit Parser(const std::vector<Command>& commands) : commands_(&commands) {
    app_.set_version_flag("--version", "");
    app_.require_subcommand(0, 1);
    for (const Command& command : commands) add(command);
  }

  Parsed parse(const std::vector<std::string>& arguments);

 private:
  struct Added {
    const Option* option;
    CLI::Option* parsed;
  };

  void add(const Command& command);
  CLI::Option* add(CLI::App& app, const Option& option);
  bool names_command(const std::string& argument) const;
  std::vector<std::string> reversed(const std::vector<std::string>& arguments) const;
  const Command* chosen() const;
  Given given();
  std::string complaint(const CLI::ParseError& error, const std::string& first) const;

  const std::vector<Command>* commands_;
  CLI::App app_;
  std::vector<Added> added_;
  std::deque<bool> flags_;  // where CLI11 puts those
};

CLI::Option* Parser::add(CLI::App& app, const Option& option) {
  if (option.form.times == Form::Times::flag) {
    return app.add_flag(option.names, flags_.emplace_back(false), "");
  }
  const auto read = [&option](const CLI::results_t& texts) { return read_all(option, texts); };
  CLI::Option* parsed = app.add_option(option.names, read);
  parsed->required(option.required);
  if (option.form.times == Form::Times::once) return parsed;
  if (option.is_positional()) return parsed->expected(CLI::detail::expected_max_vector_size);
  return parsed->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Parser::add(const Command& command) {
  CLI::App& app = *app_.add_subcommand(command.name);
  for (const Option& option : command.options) added_.push_back({&option, add(app, option)});
  for (const Option& option : command.options) {
    const std::string own = option.long_name();
    for (const std::string& name : option.needs) app.get_option(own)->needs(app.get_option(name));
    for (const std::string& name : option.excludes) {
      app.get_option(own)->excludes(app.get_option(name));
    }
  }
}

bool Parser::names_command(const std::string& argument) const {
  return argument == "-h" || argument == "--help" || argument == "--version" ||
         std::any_of(commands_->begin(), commands_->end(),
                     [&](const Command& command) { return command.name == argument; });
}

/// The arguments last first, as CLI11 takes them, and `run` put in where they name no command.
std::vector<std::string> Parser::reversed(const std::vector<std::string>& arguments) const {
  std::vector<std::string> reversed;
  for (auto argument = arguments.rbegin(); argument != arguments.rend(); ++argument) {
    // CLI11 takes the argument behind `--flag=` for its value.
    const bool is_empty =
        argument->starts_with("--") && argument->find('=') + 1 == argument->size();
    if (is_empty) reversed.emplace_back();
    reversed.push_back(is_empty ? argument->substr(0, argument->size() - 1) : *argument);
  }
  if (!names_command(arguments.front())) reversed.emplace_back("run");
  return reversed;
}

const Command* Parser::chosen() const {
  for (const Command& command : *commands_) {
    if (app_.get_subcommand(command.name)->parsed()) return &command;
  }
  return nullptr;
}

Given Parser::given() {
  Given given;
  for (const auto& [option, parsed] : added_) {
    if (parsed->count() == 0) continue;
    if (option->form.times != Form::Times::flag) {
      given.add(*option, parsed->results());
      continue;
    }
    const std::string text = parsed->as<bool>() ? "true" : "false";
    option->form.read(text);
    given.add(*option, {text});
  }
  return given;
}

/// What is wrong with the arguments, where CLI11's own words would not help.
std::string Parser::complaint(const CLI::ParseError& error, const std::string& first) const {
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const std::string_view text = error.what();
    const bool is_repeated = text.find("received") != std::string_view::npos;
    return fmt::format("{}: {}", text.substr(0, text.find(": ")),
                       is_repeated ? "is given more than once" : "give it a value");
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return error.what();
  std::error_code ignored;
  const bool is_folder = first.starts_with('-') || std::filesystem::exists(first, ignored);
  if (names_command(first) || is_folder) {
    const CLI::App& app = chosen() == nullptr ? app_ : *app_.get_subcommand(chosen()->name);
    return fmt::format("not expected: {}", fmt::join(app.remaining(), " "));
  }
  std::vector<std::string> names;
  for (const Command& command : *commands_) names.push_back(command.name);
  return fmt::format("'{}' is neither a command ({}) nor an experiment folder", first,
                     fmt::join(names, ", "));
}

Parsed Parser::parse(const std::vector<std::string>& arguments) {
  using Wish = Parsed::Wish;
  try {
    app_.parse(reversed(arguments));
    return {chosen() == nullptr ? Wish::nothing : Wish::command, chosen(), given(), {}};
  } catch (const CLI::CallForHelp&) {
    return {Wish::help, chosen(), {}, {}};
  } catch (const CLI::CallForVersion&) {
    return {Wish::version, chosen(), {}, {}};
  } catch (const CLI::ParseError& error) {
    return {Wish::nothing, chosen(), {}, complaint(error, arguments.front())};
  }
}

}  // namespace

Parsed parse(const std::vector<std::string>& arguments, const std::vector<Command>& commands) {
  return Parser(commands).parse(arguments);
}

}  // namespace malet::cli
