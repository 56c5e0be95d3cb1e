#pragma once

#include <string_view>

#include "base/filter/filter_node.hpp"

namespace malet::base {

/// Parses a filter expression; throws as Filter's constructor does, also for more than 100 levels
/// of parentheses or lists.
[[nodiscard]] Filter::Node parse_filter(std::string_view expression);

}  // namespace malet::base
