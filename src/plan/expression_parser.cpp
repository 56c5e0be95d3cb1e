#include <fmt/format.h>

#include <charconv>
#include <string>

#include "base/text/number_text.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"
#include "plan/expression.hpp"

// Recursive descent over Python's precedence: sum < term < sign < power < atom. Writes a postfix
// program, so that evaluation does not recurse, nor parse again for each i.
namespace malet::plan {

namespace {

using Operation = Expression::Operation;
using base::is_digit;

constexpr std::size_t max_length = 10'000;
constexpr int max_depth = 100;

bool is_word(char c) {
  return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Expression::Program parse() {
    tuple();
    if (!at_end()) fail_here();
    return std::move(program_);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool at_end() {
    skip_blanks();
    return at_ == text_.size();
  }

  char peek() { return at_end() ? '\0' : text_[at_]; }

  bool take(std::string_view symbol) {
    skip_blanks();
    if (text_.substr(at_, symbol.size()) != symbol) return false;
    at_ += symbol.size();
    return true;
  }

  [[noreturn]] void fail_here() {
    if (at_end()) reject("it ends too early");
    reject("'{}' is not understood, only numbers, i, + - * / // % ** ( ) [ ] and ,",
           base::excerpt(text_.substr(at_), 20));
  }

  void emit(Operation operation, std::size_t operand = 0) {
    program_.instructions.push_back({operation, operand});
  }

  void constant(Value value) {
    emit(Operation::constant, program_.constants.size());
    program_.constants.push_back(std::move(value));
  }

  /// A sum, or several with commas between them, which give a list.
  void tuple() {
    sum();
    if (peek() != ',') return;
    std::size_t count = 1;
    while (take(",") && !ends_list()) {
      sum();
      ++count;
    }
    emit(Operation::list, count);
  }

  bool ends_list() {
    const char next = peek();
    return next == '\0' || next == ')' || next == '}' || next == ']';
  }

  void sum() {
    term();
    while (true) {
      if (take("+")) {
        term();
        emit(Operation::add);
      } else if (take("-")) {
        term();
        emit(Operation::subtract);
      } else {
        return;
      }
    }
  }

  void term() {
    sign();
    while (true) {
      Operation operation = Operation::multiply;
      if (take("//")) {
        operation = Operation::floor_divide;
      } else if (take("/")) {
        operation = Operation::divide;
      } else if (take("%")) {
        operation = Operation::modulo;
      } else if (!take("*")) {
        return;
      }
      sign();
      emit(operation);
    }
  }

  void sign() {
    if (++depth_ > max_depth) reject("it is nested deeper than {} levels", max_depth);
    if (take("-")) {
      sign();
      emit(Operation::negate);
    } else if (take("+")) {
      sign();
      emit(Operation::keep);
    } else {
      power();
    }
    --depth_;
  }

  void power() {
    atom();
    if (!take("**")) return;
    sign();  // binds to the right, and its right side may have a sign
    emit(Operation::power);
  }

  void atom() {
    const char next = peek();
    if (next == '(' || next == '{') {
      ++at_;
      parenthesis(next == '(' ? ")" : "}");
    } else if (next == '[') {
      ++at_;
      list();
    } else if (is_digit(next) || next == '.') {
      number();
    } else if (next == 'i' && (at_ + 1 == text_.size() || !is_word(text_[at_ + 1]))) {
      ++at_;
      emit(Operation::variable);
    } else {
      fail_here();
    }
  }

  void parenthesis(std::string_view closing) {
    if (take(closing)) {
      emit(Operation::list, 0);
      return;
    }
    tuple();
    if (!take(closing)) fail_here();
  }

  void list() {
    std::size_t count = 0;
    while (!take("]")) {
      if (count > 0 && !take(",")) fail_here();
      if (count > 0 && take("]")) break;
      sum();
      ++count;
    }
    emit(Operation::list, count);
  }

  /// Takes digits, which may have single underscores between them.
  void digits(std::string& number) {
    while (at_ < text_.size()) {
      const bool underscore = text_[at_] == '_' && !number.empty() && is_digit(number.back()) &&
                              at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
      if (underscore) {
        ++at_;
      } else if (!is_digit(text_[at_])) {
        return;
      }
      number += text_[at_++];
    }
  }

  void number() {
    const std::size_t start = at_;
    std::string number;
    digits(number);
    if (at_ < text_.size() && text_[at_] == '.') {
      number += text_[at_++];
      digits(number);
    }
    exponent(number);
    const bool is_text = number == "." || (at_ < text_.size() && is_word(text_[at_]));
    if (is_text) {
      at_ = start;
      fail_here();
    }
    constant(number.find_first_of(".eE") == std::string::npos ? integer(number)
                                                              : Value(base::read_decimal(number)));
  }

  void exponent(std::string& number) {
    if (at_ >= text_.size() || (text_[at_] != 'e' && text_[at_] != 'E')) return;
    std::size_t first = at_ + 1;
    if (first < text_.size() && (text_[first] == '+' || text_[first] == '-')) ++first;
    if (first >= text_.size() || !is_digit(text_[first])) return;
    number.append(text_.substr(at_, first - at_));
    at_ = first;
    digits(number);
  }

  Value integer(const std::string& number) {
    if (number.size() > 1 && number[0] == '0' &&
        number.find_first_not_of('0') != std::string::npos) {
      reject("the integer {:.40} starts with a zero: leave that out", number);
    }
    std::int64_t value = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    if (read.ec != std::errc()) {
      reject("the integer {:.40} does not fit into 64 bits", number);
    }
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  Expression::Program program_;
};

}  // namespace

Expression::Program parse_expression(std::string_view text) {
  if (text.size() > max_length) {
    reject("it is longer than {} characters", max_length);
  }
  return Parser(text).parse();
}

}  // namespace malet::plan
