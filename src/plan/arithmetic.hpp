#pragma once

#include <cstddef>
#include <string_view>

#include "malet/value.hpp"

/// Python's arithmetic on integers, reals and lists.
///
/// An integer stays an integer where Python keeps one; a negative exponent and `/` give reals. All
/// functions throw Error(bad_input), with the reason alone, for operands of other types, integers
/// beyond 64 bits, division by zero, powers without a real result and lists beyond max_values.
namespace malet::plan {

/// No list expression gives more values, those inside of lists counted.
inline constexpr std::size_t max_values = 1'000'000;

[[nodiscard]] Value add(const Value& a, const Value& b);
[[nodiscard]] Value subtract(const Value& a, const Value& b);
[[nodiscard]] Value multiply(const Value& a, const Value& b);
[[nodiscard]] Value divide(const Value& a, const Value& b);
[[nodiscard]] Value floor_divide(const Value& a, const Value& b);
[[nodiscard]] Value modulo(const Value& a, const Value& b);
[[nodiscard]] Value power(const Value& a, const Value& b);
[[nodiscard]] Value negate(const Value& a);
/// Unary plus.
[[nodiscard]] Value keep(const Value& a);

/// Number of values in a value, lists and what is in them counted.
[[nodiscard]] std::size_t count_values(const Value& value);

/// Throws an Error(bad_input) that is only a reason; callers add the place.
[[noreturn]] void fail(std::string_view reason);

}  // namespace malet::plan
