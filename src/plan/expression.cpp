#include "plan/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text/reject.hpp"
#include "plan/arithmetic.hpp"

namespace malet::plan {

namespace {

using Operation = Expression::Operation;

Value apply(Operation operation, const Value& a, const Value& b) {
  switch (operation) {
    case Operation::add:
      return add(a, b);
    case Operation::subtract:
      return subtract(a, b);
    case Operation::multiply:
      return multiply(a, b);
    case Operation::divide:
      return divide(a, b);
    case Operation::floor_divide:
      return floor_divide(a, b);
    case Operation::modulo:
      return modulo(a, b);
    default:
      return power(a, b);
  }
}

/// The values of a running program, the last one on top.
class Stack {
 public:
  explicit Stack(Work& work) : work_(work) {}

  template <typename T>
  void push(T&& value) {
    values_.emplace_back(std::forward<T>(value));
  }

  void unary(Value (*operation)(const Value&)) { values_.back() = operation(values_.back()); }

  void binary(Operation operation) {
    const Value right = pop();
    values_.back() = apply(operation, values_.back(), right);
    if (values_.back().is_list()) charge_list();
  }

  void list(std::size_t count) {
    const auto first = values_.end() - static_cast<std::ptrdiff_t>(count);
    Value::List items(std::make_move_iterator(first), std::make_move_iterator(values_.end()));
    values_.erase(first, values_.end());
    push(std::move(items));
    charge_list();
  }

  Value pop() {
    Value top = std::move(values_.back());
    values_.pop_back();
    return top;
  }

 private:
  /// Lists are the only values whose time and memory grow with their operands.
  void charge_list() {
    const std::size_t size = count_values(values_.back());
    built_ += size;
    if (size > max_values || built_ > 4 * max_values) {
      reject("a list has more than {} values", max_values);
    }
    work_.spend(size);
  }

  Work& work_;
  std::size_t built_ = 0;
  std::vector<Value> values_;
};

}  // namespace

void Work::spend(std::size_t steps) {
  if (steps > steps_left) reject("it takes too many steps together with the others of the file");
  steps_left -= steps;
}

Expression::Expression(std::string_view text) : program_(parse_expression(text)) {}

bool Expression::uses_variable() const {
  return std::any_of(
      program_.instructions.begin(), program_.instructions.end(),
      [](const Instruction& instruction) { return instruction.operation == Operation::variable; });
}

Value Expression::evaluate(std::int64_t i, Work& work) const {
  work.spend(program_.instructions.size());
  Stack stack(work);
  for (const auto [operation, operand] : program_.instructions) {
    switch (operation) {
      case Operation::constant:
        stack.push(program_.constants[operand]);
        break;
      case Operation::variable:
        stack.push(i);
        break;
      case Operation::negate:
        stack.unary(negate);
        break;
      case Operation::keep:
        stack.unary(keep);
        break;
      case Operation::list:
        stack.list(operand);
        break;
      default:
        stack.binary(operation);
    }
  }
  return stack.pop();
}

}  // namespace malet::plan
