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
/// A field's name stands left of a comparison (quote it with backticks if it is no plain word).
/// Equality is by key text, order is numeric for numbers and bytewise for text; null and values of
/// different kinds compare unequal and are in no order. The last value of a series stands for it.
class Filter {
 public:
  /// Throws Error(bad_input) that names the place in the expression.
  explicit Filter(std::string_view expression);

  /// Gives the value of a field, or nullptr when there is no field of that name at all; that is an
  /// Error(bad_input) from matches() that names the field.
  using Lookup = std::function<const Value*(std::string_view field)>;
  [[nodiscard]] bool matches(const Lookup& lookup) const;

  /// The names of the fields it asks for, some more than once. What is looked up may be less:
  /// `and` and `or` end early.
  [[nodiscard]] std::vector<std::string> fields() const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
};

/// Whether a stands before b: null last, numbers by value, text bytewise, a series by its last
/// value.
[[nodiscard]] bool sorts_before(const Value& a, const Value& b);

/// The value that speaks for a cell in filters and sorts: the last one of a list, else itself.
[[nodiscard]] const Value& last_value(const Value& value);

}  // namespace malet::base
