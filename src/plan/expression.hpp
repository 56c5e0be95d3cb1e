#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "malet/value.hpp"

namespace malet::plan {

/// How much evaluation a file may ask for; shared by all its expressions.
struct Work {
  std::size_t steps_left = 50'000'000;

  /// Throws Error(bad_input) when there is less left.
  void spend(std::size_t steps);
};

/// An arithmetic expression of one variable, `i`, with Python's meaning.
///
/// Integers and reals, + - * / // % **, unary signs, parentheses (braces mean the same), tuples and
/// lists, both of which give list values. Parsed once, evaluated for many i.
class Expression {
 public:
  /// Throws Error(bad_input), with the reason alone, for what is no such expression, is longer than
  /// 10,000 characters or nested deeper than 100 levels.
  explicit Expression(std::string_view text);

  /// Throws Error(bad_input), with the reason alone; see arithmetic.hpp.
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
    std::size_t operand = 0;  // constant: which one; list: how many values it takes
  };
  /// The expression in postfix order.
  struct Program {
    std::vector<Instruction> instructions;
    std::vector<Value> constants;
  };

 private:
  Program program_;
};

}  // namespace malet::plan
