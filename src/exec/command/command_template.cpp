#include "exec/command/command_template.hpp"

#include <algorithm>

#include "base/text/reject.hpp"
#include "base/text/shell_words.hpp"

namespace malet::exec {

namespace {

[[noreturn]] void reject_form(std::string_view form, std::string_view why) {
  reject(
      "the command has '{}', {}: write {{lr}} for the value of the field lr, "
      "{{{{ and }}}} for braces",
      form, why);
}

/// The name after the single opening brace at `open`.
std::string_view placeholder_name(std::string_view word, std::size_t open) {
  const std::size_t end = word.find_first_of("{}", open + 1);
  const bool closed = end != std::string_view::npos && word[end] == '}';
  if (!closed) reject_form(word.substr(open), "a brace that is not closed");
  if (end == open + 1) reject_form("{}", "which names no field");
  return word.substr(open + 1, end - open - 1);
}

void append_value(std::string& out, std::string_view name, const Value& value) {
  const std::size_t start = out.size();
  append_cell(out, value, ListStyle::tuple);
  if (out.find('\0', start) == std::string::npos) return;
  reject("the value of field '{}' holds a NUL byte, which no argument of a command can hold", name);
}

}  // namespace

CommandTemplate::CommandTemplate(std::string_view command) {
  for (const std::string& word : base::split_words(command)) arguments_.push_back(parse(word));
  if (arguments_.empty() || arguments_.front().empty()) {
    reject("the command is empty: it must begin with a program");
  }
  for (const Argument& argument : arguments_) {
    for (const Piece& piece : argument) {
      const bool is_new = std::find(fields_.begin(), fields_.end(), piece.text) == fields_.end();
      if (piece.is_field && is_new) fields_.push_back(piece.text);
    }
  }
}

CommandTemplate::Argument CommandTemplate::parse(std::string_view word) {
  Argument argument;
  std::string text;
  const auto end_text = [&] {
    if (!text.empty()) argument.push_back({std::move(text), false});
    text.clear();
  };
  for (std::size_t i = 0; i < word.size();) {
    const char c = word[i];
    const bool brace = c == '{' || c == '}';
    const bool doubled = brace && i + 1 < word.size() && word[i + 1] == c;
    if (!brace || doubled) {
      text += c;
      i += doubled ? 2 : 1;
      continue;
    }
    if (c == '}') reject_form(word, "in which a brace closes nothing");
    const std::string_view name = placeholder_name(word, i);
    end_text();
    argument.push_back({std::string(name), true});
    i += name.size() + 2;
  }
  end_text();
  return argument;
}

std::string CommandTemplate::fill(const Argument& argument, const Lookup& lookup) {
  std::string filled;
  for (const auto& [text, is_field] : argument) {
    if (!is_field) {
      filled += text;
    } else if (const Value* value = lookup(text)) {
      append_value(filled, text, *value);
    }
  }
  return filled;
}

bool CommandTemplate::has_fixed_program() const {
  const Argument& program = arguments_.front();
  return std::none_of(program.begin(), program.end(),
                      [](const Piece& piece) { return piece.is_field; });
}

std::vector<std::string> CommandTemplate::arguments(const Lookup& lookup) const {
  std::vector<std::string> filled;
  filled.reserve(arguments_.size());
  for (const Argument& argument : arguments_) filled.push_back(fill(argument, lookup));
  return filled;
}

}  // namespace malet::exec
