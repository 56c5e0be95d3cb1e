#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace malet::plan {

/// The place of a list expression in a YAML text: a flow list with a `;` and a `:` behind it.
struct BracketedExpression {
  std::size_t begin;      // of the opening bracket
  std::size_t semicolon;  // the first one that is in no inner bracket
  std::size_t end;        // behind the closing bracket
  bool nested;            // inside of another list or map in brackets
};

/// The list expressions of a YAML text in its order, none inside another. Skips quoted text,
/// comments, block scalars, brackets in plain text, and lists that hold quoted text. Takes linear
/// time and never fails: the YAML reader refuses invalid YAML.
[[nodiscard]] std::vector<BracketedExpression> find_list_expressions(std::string_view yaml);

}  // namespace malet::plan
