#pragma once

#include <cstddef>

#include "malet/value.hpp"

/// Python's arithmetic on integers, reals and lists.
///
/// An integer stays an integer as in Python; a negative exponent and `/` give reals. All functions
/// throw Error(bad_input), a reason without a place, for operands of other types, integers beyond
/// 64 bits, division by zero, powers without a real result and lists beyond max_values.
namespace malet::plan {

/// The most values that a list expression may give, values in inner lists included.
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

/// The number of values in a value: itself, and all in it when it is a list.
[[nodiscard]] std::size_t count_values(const Value& value);

}  // namespace malet::plan
