#include "record/table/pandas_real.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text/number_text.hpp"
#include "base/text/text_parts.hpp"

// pandas collects up to 17 digits, leading zeros among them, in a double, which holds 15 of them
// for certain, and then multiplies or divides once by a power of ten.
namespace malet::record {

namespace {

constexpr int max_digits = 17;
constexpr std::int64_t max_exponent = 308;
constexpr std::int64_t far = 1'000'000'000'000;

bool starts_with_digit(std::string_view text) {
  return !text.empty() && base::is_digit(text.front());
}

/// The digits collected so far and the power of ten that they lack.
struct Collected {
  double number = 0;
  int digits = 0;
  std::int64_t exponent = 0;

  void take(std::string_view& text, bool behind_point) {
    for (; starts_with_digit(text); text.remove_prefix(1)) {
      const bool fits = digits < max_digits;
      if (fits) {
        number = number * 10 + (text.front() - '0');
        ++digits;
      }
      exponent += (fits ? 0 : 1) - (behind_point ? 1 : 0);
    }
  }
};

double power_of_ten(std::int64_t exponent) {
  return base::read_decimal(fmt::format("1e{}", exponent));
}

std::int64_t read_exponent(std::string_view text) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return 0;
  text.remove_prefix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
  // Far beyond any real, and far from where sums overflow.
  return read.ec == std::errc() ? std::clamp<std::int64_t>(exponent, -far, far) : far;
}

}  // namespace

double pandas_real(std::string_view number) {
  const bool negative = !number.empty() && number.front() == '-';
  std::string_view rest = number.substr(negative || (!number.empty() && number[0] == '+') ? 1 : 0);
  Collected collected;
  collected.take(rest, false);
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    collected.take(rest, true);
  }
  const std::int64_t exponent = collected.exponent + read_exponent(rest);
  if (collected.digits == 0 || exponent > max_exponent || exponent < -max_exponent) {
    return base::read_decimal(number);
  }
  const double value = exponent > 0 ? collected.number * power_of_ten(exponent)
                                    : collected.number / power_of_ten(-exponent);
  return negative ? -value : value;
}

}  // namespace malet::record
