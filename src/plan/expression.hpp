#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::plan {

/// How many steps the expressions of a file may take together.
struct Work {
  std::size_t steps_left = 50'000'000;

  /// Takes steps away. Throws Error(bad_input) when fewer are left.
  void spend(std::size_t steps);
};

/// An arithmetic expression of one variable, `i`, with Python's meaning.
///
/// It has integers, reals, + - * / // % **, unary signs, parentheses (or braces), tuples and lists,
/// which both give list values. Parsed once, evaluated for many i.
class Expression {
 public:
  /// Throws Error(bad_input), a reason without a place, for any other text, more than 10,000
  /// characters and more than 100 levels.
  explicit Expression(std::string_view text);

  /// The value for one i. Throws Error(bad_input) as arithmetic.hpp.
  [[nodiscard]] Value evaluate(std::int64_t i, Work& work) const;
  [[nodiscard]] bool uses_variable() const;

  enum class Operation {
    constant,
    variable,
    negate,
    keep,
    add,
    subtract,
    multiply,
    divide,
    floor_divide,
    modulo,
    power,
    list,
  };
  struct Instruction {
    Operation operation;
    std::size_t operand = 0;  // of constant: its number; of list: how many values it takes
  };
  /// The expression in postfix order.
  struct Program {
    std::vector<Instruction> instructions;
    std::vector<Value> constants;
  };

 private:
  Program program_;
};

/// Translates an expression; throws as Expression's constructor does.
[[nodiscard]] Expression::Program parse_expression(std::string_view text);

}  // namespace malet::plan
