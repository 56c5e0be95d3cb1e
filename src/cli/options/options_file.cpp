#include "cli/options/options_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/files/files.hpp"
#include "base/files/paths.hpp"
#include "base/yaml/yaml.hpp"

namespace malet::cli {

namespace {

using base::yaml::Node;

[[noreturn]] void fail_at(std::string_view file, std::size_t line, const std::string& sentence) {
  base::yaml::fail_at(file, line, "{}", sentence);
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

/// The option's texts as on a command line.
std::vector<std::string> texts_of(const Option& option, const FileOption& given,
                                  std::string_view file) {
  const bool is_flag = option.form.times == Form::Times::flag;
  if (is_flag && !given.boolean) {
    fail_at(file, given.line, fmt::format("{}: give it true or false", given.name));
  }
  if (is_flag) return {*given.boolean ? "true" : "false"};
  if (option.form.times == Form::Times::repeated) return given.values;
  // On the command line values of a split are separated by blanks, and names of metrics by commas.
  if (given.name == "curr-split") return {split_values(given.values)};
  return {fmt::format("{}", fmt::join(given.values, ","))};
}

void apply_option(const std::vector<Option>& known, Given& all, const FileOption& given,
                  std::string_view file) {
  const auto option = std::find_if(known.begin(), known.end(), [&](const Option& one) {
    return one.long_name() == "--" + given.name;
  });
  if (option == known.end()) {
    fail_at(file, given.line,
            fmt::format("{} is no option of run; `malet-mpi run --help` lists them", given.name));
  }
  if (all.has(option->long_name())) return;
  auto texts = texts_of(*option, given, file);
  for (const std::string& text : texts) {
    try {
      option->form.read(text);
    } catch (const Error& error) {
      fail_at(file, given.line, fmt::format("{}: {}", option->names, error.what()));
    }
  }
  all.add(*option, std::move(texts));
}

enum class What { function, command, python };

/// Options that say what is run.
constexpr std::pair<std::string_view, What> kind_options[] = {{"plugin", What::function},
                                                              {"function", What::function},
                                                              {"command", What::command},
                                                              {"python", What::python}};

/// The kinds of experiment that the command line has chosen: one, unless it contradicts itself.
std::vector<What> chosen_kinds(const Given& given) {
  std::vector<What> kinds;
  for (const auto& [name, kind] : kind_options) {
    if (given.has("--" + std::string(name))) kinds.push_back(kind);
  }
  return kinds;
}

/// Whether the command line has chosen another kind of experiment than this option would.
bool is_overruled(const FileOption& option, const std::vector<What>& chosen) {
  if (chosen.empty()) return false;
  return std::any_of(std::begin(kind_options), std::end(kind_options), [&](const auto& what) {
    return what.first == option.name &&
           std::find(chosen.begin(), chosen.end(), what.second) == chosen.end();
  });
}

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

void find_plugin(const std::filesystem::path& folder, std::string& plugin) {
  if (is_file(folder / plugin)) plugin = (folder / plugin).string();
}

/// FILE:FUNC. What is no file but the name of a module is left alone.
void find_python(const std::filesystem::path& folder, std::string& python) {
  const std::size_t colon = python.rfind(':');
  if (colon == std::string::npos) return;
  const std::string file = python.substr(0, colon);
  const bool names_file = file.ends_with(".py") || file.find('/') != std::string::npos;
  if (names_file && is_file(folder / file)) {
    python = (folder / file).string() + python.substr(colon);
  }
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
    for (std::string& value : option.values) {
      if (option.name == "plugin") find_plugin(exp_folder, value);
      if (option.name == "python") find_python(exp_folder, value);
    }
  }
  return options;
}

void apply_options(const std::vector<Option>& known, Given& given,
                   const std::vector<FileOption>& options, std::string_view name) {
  const auto chosen = chosen_kinds(given);
  for (const FileOption& option : options) {
    if (!is_overruled(option, chosen)) apply_option(known, given, option, name);
  }
}

}  // namespace malet::cli
