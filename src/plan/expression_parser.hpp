#pragma once

#include <string_view>

#include "plan/expression.hpp"

namespace malet::plan {

/// Translates an expression; throws as Expression's constructor does.
[[nodiscard]] Expression::Program parse_expression(std::string_view text);

}  // namespace malet::plan
