#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml/yaml.hpp"
#include "plan/expression.hpp"

namespace malet::plan {

/// The values of `expression;start:step:stop--start:step:stop...`: the expression for each i of
/// each range, which are Python's (the stop is not reached, a step may be negative).
///
/// Throws Error(bad_input), with the reason alone, also for more than max_values values.
[[nodiscard]] Value::List expand_list_expression(std::string_view text, Work& work);

/// The list expressions of one YAML text.
class ListExpressions {
 public:
  /// Throws Error(bad_input) that names `file`, line and expression where something other than a
  /// comment follows one.
  ListExpressions(std::string_view yaml, std::string_view file, Work work = {});

  /// The text with a list that holds a placeholder in the place of each list expression; lines keep
  /// their numbers.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// Puts the values in where the parsed text has placeholders. Throws Error(bad_input) that names
  /// file, line, field and expression.
  void substitute(base::yaml::Node& root);

 private:
  void replace(std::string_view yaml);
  void visit(base::yaml::Node& node, std::string_view field);
  [[nodiscard]] const Value& expand(std::size_t number, std::size_t line, std::string_view field);
  /// Which list expression a node stands for.
  [[nodiscard]] std::optional<std::size_t> number_of(const base::yaml::Node& node) const;

  std::string_view file_;
  std::string prefix_;
  std::string text_;
  std::vector<std::string> sources_;  // with their brackets
  std::vector<std::optional<Value>> expanded_;
  std::size_t values_ = 0;  // put in place so far
  Work work_;
};

}  // namespace malet::plan
