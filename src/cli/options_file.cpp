#include "cli/options_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <system_error>
#include <utility>

#include "base/files.hpp"
#include "base/paths.hpp"
#include "base/yaml.hpp"

namespace malet::cli {

namespace {

using base::yaml::Node;

[[noreturn]] void fail_at(std::string_view file, std::size_t line, const std::string& sentence) {
  base::yaml::fail_at(file, line, sentence);
}

std::string scalar_text(const Node& node, const FileOption& option, std::string_view file) {
  if (node.kind != Node::Kind::scalar || (node.plain && node.scalar.is_null())) {
    fail_at(file, option.line,
            fmt::format("{}: give it a value, or a list of values", option.name));
  }
  return node.text;
}

FileOption read_option(const std::string& name, std::size_t line, const Node& node,
                       std::string_view file) {
  FileOption option{name, {}, std::nullopt, line};
  if (node.kind == Node::Kind::list) {
    for (const Node& item : node.items) option.values.push_back(scalar_text(item, option, file));
    return option;
  }
  option.values.push_back(scalar_text(node, option, file));
  if (node.scalar.is_boolean()) option.boolean = node.scalar.boolean();
  return option;
}

/// Values of a split as on the command line, those with blanks in quotes.
std::string split_values(const std::vector<std::string>& values) {
  if (values.size() == 1) return values.front();
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += ' ';
    const bool plain = value.find_first_of(" \t") == std::string::npos;
    const char* quote = value.find('\'') == std::string::npos ? "'" : "\"";
    text += plain ? value : quote + value + quote;
  }
  return text;
}

/// What CLI11 is to get. Options that take one value get a list as their command line would.
std::vector<std::string> results_of(const CLI::Option& option, const FileOption& given,
                                    std::string_view file) {
  const bool is_flag = option.get_items_expected_max() == 0;
  if (is_flag && !given.boolean) {
    fail_at(file, given.line, fmt::format("{}: give it true or false", given.name));
  }
  if (is_flag) return {*given.boolean ? "true" : "false"};
  if (option.get_expected_max() > 1) return given.values;
  // On the command line values of a split are separated by blanks, and names of metrics by commas.
  if (given.name == "curr-split") return {split_values(given.values)};
  return {fmt::format("{}", fmt::join(given.values, ","))};
}

void apply_option(CLI::App& command, const FileOption& given, std::string_view file) {
  CLI::Option* option = command.get_option_no_throw("--" + given.name);
  if (option == nullptr || option == command.get_help_ptr()) {
    fail_at(file, given.line,
            fmt::format("{} is no option of run; `malet-mpi run --help` lists them", given.name));
  }
  if (option->count() > 0) return;
  try {
    for (auto& result : results_of(*option, given, file)) option->add_result(std::move(result));
    option->run_callback();
  } catch (const CLI::Error& error) {
    fail_at(file, given.line, error.what());
  }
}

void find_beside(const std::filesystem::path& folder, std::string& plugin) {
  const std::filesystem::path path = folder / plugin;
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored)) plugin = path.string();
}

}  // namespace

std::vector<FileOption> parse_options_file(std::string_view text, std::string_view name) {
  const Node root = base::yaml::parse(text, name, base::yaml::Schema::core);
  if (root.kind != Node::Kind::map) {
    fail_at(name, root.line, "write options of run as `name: value` lines, without dashes");
  }
  std::vector<FileOption> options;
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    const auto& [key, line] = root.keys[i];
    options.push_back(read_option(key, line, root.items[i], name));
  }
  return options;
}

std::vector<FileOption> read_options_file(const std::filesystem::path& exp_folder) {
  const auto path = base::paths::run_options(exp_folder);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  auto options = parse_options_file(base::read_file(path), path.string());
  for (FileOption& option : options) {
    if (option.name != "plugin") continue;
    for (std::string& plugin : option.values) find_beside(exp_folder, plugin);
  }
  return options;
}

void apply_options(CLI::App& command, const std::vector<FileOption>& options,
                   std::string_view name) {
  for (const FileOption& option : options) apply_option(command, option, name);
}

}  // namespace malet::cli
