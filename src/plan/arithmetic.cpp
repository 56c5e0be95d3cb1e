#include "plan/arithmetic.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "base/text/reject.hpp"

namespace malet::plan {

namespace {

using Integer = std::int64_t;

constexpr std::string_view too_large = "an integer does not fit into 64 bits";

bool both_integers(const Value& a, const Value& b) {
  return a.is_integer() && b.is_integer();
}

void want_numbers(const Value& a, const Value& b, std::string_view operation) {
  if (a.is_number() && b.is_number()) return;
  reject("{} of {} and {} is not possible", operation, type_name(a.type()), type_name(b.type()));
}

void want_divisor(const Value& b) {
  if (b.number() == 0) reject("there is a division by zero");
}

/// The quotient rounded down. Not for a zero divisor.
Integer floor_of(Integer a, Integer b) {
  if (b == -1) {
    if (a == std::numeric_limits<Integer>::min()) reject("{}", too_large);
    return -a;
  }
  const Integer quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

/// The remainder with the divisor's sign.
double modulo_of(double a, double b) {
  const double remainder = std::fmod(a, b);
  if (remainder == 0) return std::copysign(0.0, b);
  return (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

double floor_of(double a, double b) {
  const double remainder = std::fmod(a, b);
  double quotient = (a - remainder) / b;  // a whole number, but for rounding
  if (remainder != 0 && (remainder < 0) != (b < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(0.0, a / b);
  const double floor = std::floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

Integer power_of(Integer base, Integer exponent) {
  Integer result = 1;
  while (true) {
    if (exponent % 2 != 0 && __builtin_mul_overflow(result, base, &result)) reject("{}", too_large);
    exponent /= 2;
    if (exponent == 0) return result;
    if (__builtin_mul_overflow(base, base, &base)) reject("{}", too_large);
  }
}

double power_of(double base, double exponent) {
  if (base == 0 && exponent < 0) reject("zero is raised to a negative power");
  const double result = std::pow(base, exponent);
  if (std::isnan(result) && !std::isnan(base) && !std::isnan(exponent)) {
    reject("a negative number is raised to a fractional power");
  }
  if (std::isinf(result) && std::isfinite(base) && std::isfinite(exponent)) {
    reject("a power is too large");
  }
  return result;
}

void check_size(std::size_t values) {
  if (values > max_values) reject("a list has more than {} values", max_values);
}

Value repeat(const Value& list, Integer times) {
  if (times <= 0 || list.list().empty()) return Value::List();
  const std::size_t values = count_values(list) - 1;  // without the list itself
  if (static_cast<std::uint64_t>(times) > max_values / values) check_size(max_values + 1);
  Value::List result;
  result.reserve(list.list().size() * static_cast<std::size_t>(times));
  for (Integer i = 0; i < times; ++i) {
    result.insert(result.end(), list.list().begin(), list.list().end());
  }
  return result;
}

Value concatenate(const Value& a, const Value& b) {
  check_size(count_values(a) + count_values(b));
  Value::List result = a.list();
  result.insert(result.end(), b.list().begin(), b.list().end());
  return result;
}

}  // namespace

std::size_t count_values(const Value& value) {
  std::size_t count = 1;
  if (!value.is_list()) return count;
  for (const Value& item : value.list()) count += count_values(item);
  return count;
}

Value add(const Value& a, const Value& b) {
  if (a.is_list() && b.is_list()) return concatenate(a, b);
  want_numbers(a, b, "a sum");
  if (!both_integers(a, b)) return a.number() + b.number();
  Integer sum = 0;
  if (__builtin_add_overflow(a.integer(), b.integer(), &sum)) reject("{}", too_large);
  return sum;
}

Value subtract(const Value& a, const Value& b) {
  want_numbers(a, b, "a difference");
  if (!both_integers(a, b)) return a.number() - b.number();
  Integer difference = 0;
  if (__builtin_sub_overflow(a.integer(), b.integer(), &difference)) reject("{}", too_large);
  return difference;
}

Value multiply(const Value& a, const Value& b) {
  if (a.is_list() && b.is_integer()) return repeat(a, b.integer());
  if (a.is_integer() && b.is_list()) return repeat(b, a.integer());
  want_numbers(a, b, "a product");
  if (!both_integers(a, b)) return a.number() * b.number();
  Integer product = 0;
  if (__builtin_mul_overflow(a.integer(), b.integer(), &product)) reject("{}", too_large);
  return product;
}

Value divide(const Value& a, const Value& b) {
  want_numbers(a, b, "a quotient");
  want_divisor(b);
  constexpr double exact = 9007199254740992.0;  // integers below 2^53 are exact as reals
  if (!both_integers(a, b) || (std::abs(a.number()) < exact && std::abs(b.number()) < exact)) {
    return a.number() / b.number();
  }
  return static_cast<double>(static_cast<long double>(a.integer()) /
                             static_cast<long double>(b.integer()));
}

Value floor_divide(const Value& a, const Value& b) {
  want_numbers(a, b, "a quotient");
  want_divisor(b);
  if (both_integers(a, b)) return floor_of(a.integer(), b.integer());
  return floor_of(a.number(), b.number());
}

Value modulo(const Value& a, const Value& b) {
  want_numbers(a, b, "a remainder");
  want_divisor(b);
  if (!both_integers(a, b)) return modulo_of(a.number(), b.number());
  if (b.integer() == -1) return 0;
  const Integer remainder = a.integer() % b.integer();
  return remainder != 0 && (remainder < 0) != (b.integer() < 0) ? remainder + b.integer()
                                                                : remainder;
}

Value power(const Value& a, const Value& b) {
  want_numbers(a, b, "a power");
  if (both_integers(a, b) && b.integer() >= 0) return power_of(a.integer(), b.integer());
  return power_of(a.number(), b.number());
}

Value negate(const Value& a) {
  if (a.is_real()) return -a.real();
  return subtract(Value(0), a);
}

Value keep(const Value& a) {
  want_numbers(a, a, "a sum");
  return a;
}

}  // namespace malet::plan
