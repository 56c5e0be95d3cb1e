#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace malet::plan {

/// A flow list of a YAML text that is a list expression: `[` something `;` something with a `:`
/// `]`.
struct BracketedExpression {
  std::size_t begin;      // of the opening bracket
  std::size_t semicolon;  // the first one that is in no inner bracket
  std::size_t end;        // behind the closing bracket
  bool nested;            // inside of another list or map in brackets
};

/// The list expressions of a YAML text, in the text's order, none inside of another. Quoted text,
/// comments, block scalars and plain text that merely holds brackets are passed over, and so are
/// lists that hold quoted text. Takes linear time and never fails: what is no YAML is left to the
/// YAML reader.
[[nodiscard]] std::vector<BracketedExpression> find_list_expressions(std::string_view yaml);

}  // namespace malet::plan
