#include "base/filter/filter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <string>
#include <utility>

#include "base/filter/filter_parser.hpp"
#include "base/text/reject.hpp"

namespace malet::base {

namespace {

using Node = Filter::Node;
using Junction = Node::Junction;
using Comparator = Node::Comparator;

const Value& field_value(const Filter::Lookup& lookup, const std::string& field) {
  const Value* value = lookup(field);
  if (value == nullptr) {
    reject(
        "filter: there is no field '{}'; text values stand right of the "
        "comparison, and `malet-mpi plan EXP` lists the fields",
        field);
  }
  return *value;
}

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
  if (a.is_integer() && b.is_integer()) return a.integer() <=> b.integer();
  return a.number() <=> b.number();
}

/// Values of different kinds, and NaN, are unordered.
std::partial_ordering compare(const Value& a, const Value& b) {
  if (a.is_number() && b.is_number()) return compare_numbers(a, b);
  if (a.is_text() && b.is_text()) return a.text().compare(b.text()) <=> 0;
  return std::partial_ordering::unordered;
}

bool holds(const Node::Comparison& comparison, const Filter::Lookup& lookup) {
  const Value& cell = field_value(lookup, comparison.field);
  // Compares whole lists, so that grid values such as [64, 128] are found.
  const Value& value = comparison.literal.is_list() ? cell : last_value(cell);
  switch (comparison.comparator) {
    case Comparator::equal:
      return to_key(value) == comparison.key;
    case Comparator::unequal:
      return to_key(value) != comparison.key;
    case Comparator::less:
      return std::is_lt(compare(value, comparison.literal));
    case Comparator::less_equal:
      return std::is_lteq(compare(value, comparison.literal));
    case Comparator::greater:
      return std::is_gt(compare(value, comparison.literal));
    case Comparator::greater_equal:
      return std::is_gteq(compare(value, comparison.literal));
  }
  return false;
}

bool holds(const Node::Membership& membership, const Filter::Lookup& lookup) {
  const Value& cell = field_value(lookup, membership.field);
  if (cell.is_list() && !membership.list_keys.empty() &&
      membership.list_keys.contains(to_key(cell))) {
    return true;
  }
  return membership.keys.contains(to_key(last_value(cell)));
}

bool holds(const Node& node, const Filter::Lookup& lookup);

bool holds(const Junction& junction, const Filter::Lookup& lookup) {
  const auto test = [&lookup](const Node& operand) { return holds(operand, lookup); };
  const auto& operands = junction.operands;
  switch (junction.kind) {
    case Junction::Kind::all:
      return std::all_of(operands.begin(), operands.end(), test);
    case Junction::Kind::any:
      return std::any_of(operands.begin(), operands.end(), test);
    case Junction::Kind::none:
      break;
  }
  return std::none_of(operands.begin(), operands.end(), test);
}

bool holds(const Node& node, const Filter::Lookup& lookup) {
  return std::visit([&lookup](const auto& content) { return holds(content, lookup); },
                    node.content);
}

void collect_fields(const Node& node, std::vector<std::string>& fields) {
  if (const auto* comparison = std::get_if<Node::Comparison>(&node.content)) {
    fields.push_back(comparison->field);
  } else if (const auto* membership = std::get_if<Node::Membership>(&node.content)) {
    fields.push_back(membership->field);
  } else {
    for (const Node& operand : std::get<Junction>(node.content).operands) {
      collect_fields(operand, fields);
    }
  }
}

/// The place of a value's kind in a sort; null and NaN come last.
int kind_rank(const Value& value) {
  constexpr std::array<int, 7> ranks{5, 0, 1, 1, 2, 3, 4};  // by Value::Type
  if (value.is_real() && std::isnan(value.real())) return 5;
  return ranks.at(static_cast<std::size_t>(value.type()));
}

}  // namespace

Filter::Filter(std::string_view expression)
    : root_(std::make_shared<const Node>(parse_filter(expression))) {}

bool Filter::matches(const Lookup& lookup) const {
  return holds(*root_, lookup);
}

std::vector<std::string> Filter::fields() const {
  std::vector<std::string> names;
  collect_fields(*root_, names);
  return names;
}

const Value& last_value(const Value& value) {
  static const Value none;
  if (!value.is_list()) return value;
  return value.list().empty() ? none : value.list().back();
}

bool sorts_before(const Value& a, const Value& b) {
  const Value& left = last_value(a);
  const Value& right = last_value(b);
  const int rank = kind_rank(left);
  if (rank != kind_rank(right)) return rank < kind_rank(right);
  if (left.is_number()) return std::is_lt(compare(left, right));
  if (left.is_boolean()) return !left.boolean() && right.boolean();
  return rank < 5 && to_key(left) < to_key(right);
}

}  // namespace malet::base
