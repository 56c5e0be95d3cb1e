#pragma once

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/filter/filter.hpp"

namespace malet::base {

/// A parsed condition.
struct Filter::Node {
  /// Several conditions, or the negation of one.
  struct Junction {
    enum class Kind { all, any, none };
    Kind kind = Kind::all;
    std::vector<Node> operands;
  };

  enum class Comparator { equal, unequal, less, less_equal, greater, greater_equal };
  /// `field <= literal`
  struct Comparison {
    std::string field;
    Comparator comparator = Comparator::equal;
    Value literal;
    std::string key;  ///< the literal's key text
  };

  /// `field in [literals]`
  struct Membership {
    std::string field;
    std::set<std::string, std::less<>> keys;       ///< key texts of literals that are no lists
    std::set<std::string, std::less<>> list_keys;  ///< key texts of lists
  };

  std::variant<Junction, Comparison, Membership> content;
};

/// Parses a filter expression. Throws as Filter's constructor, also for more than 100 levels of
/// parentheses or lists.
[[nodiscard]] Filter::Node parse_filter(std::string_view expression);

}  // namespace malet::base
