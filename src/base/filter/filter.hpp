#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::base {

/// A condition over named fields: `lr <= 0.1 and optimizer in [sgd, adam] or not seed == 3`.
///
/// Grammar: or < and < not < comparison; comparisons == (also =), !=, <, <=, >, >=, in [..],
/// not in [..]; parentheses; literals are numbers, quoted or bare words, true/false/null, lists.
/// A field's name stands left of a comparison (in backticks unless it is a plain word). Equality is
/// by key text; order is numeric for numbers and bytewise for text. Null and values of different
/// kinds are unequal and have no order. A series is compared by its last value.
class Filter {
 public:
  /// Throws Error(bad_input) with the place in the expression.
  explicit Filter(std::string_view expression);

  /// Returns the value of a field, or nullptr when there is no such field: then matches() throws
  /// Error(bad_input) with its name.
  using Lookup = std::function<const Value*(std::string_view field)>;
  [[nodiscard]] bool matches(const Lookup& lookup) const;

  /// The names of its fields, with repeats. matches() may look up fewer: `and` and `or` end early.
  [[nodiscard]] std::vector<std::string> fields() const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
};

/// Whether a comes before b in a sort: numbers by value, text bytewise, a series by its last value,
/// null last.
[[nodiscard]] bool sorts_before(const Value& a, const Value& b);

/// The value by which filters and sorts compare a cell: the last one of a list, else itself.
[[nodiscard]] const Value& last_value(const Value& value);

}  // namespace malet::base
