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
/// each range. Ranges are Python's: without the stop, and a step may be negative.
///
/// Throws Error(bad_input), a reason without a place, also for more than max_values values.
[[nodiscard]] Value::List expand_list_expression(std::string_view text, Work& work);

/// The list expressions of one YAML text.
class ListExpressions {
 public:
  /// Throws Error(bad_input) with `file`, line and expression when anything but a comment follows a
  /// list expression.
  ListExpressions(std::string_view yaml, std::string_view file, Work work = {});

  /// The text with a placeholder, a list of one scalar, for each list expression; lines keep their
  /// numbers.
  [[nodiscard]] const std::string& text() const { return text_; }

  /// Replaces the placeholders in the parsed text by the values. Throws Error(bad_input) with file,
  /// line, field and expression.
  void substitute(base::yaml::Node& root);

 private:
  void replace(std::string_view yaml);
  void visit(base::yaml::Node& node, std::string_view field);
  [[nodiscard]] const Value& expand(std::size_t number, std::size_t line, std::string_view field);
  /// The number of the list expression that a node is the placeholder of.
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
