#include "base/text/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

// Python's repr and std::to_chars agree on the shortest digits that read back the same, and differ
// in where they put the point: repr writes an exponent, of at least two digits, only for decimal
// exponents below -4 or from 16 on.
namespace malet::base {

namespace {

void append_exponent(std::string& out, int exponent) {
  out += exponent < 0 ? "e-" : "e+";
  exponent = std::abs(exponent);
  if (exponent < 10) out += '0';
  out += std::to_string(exponent);
}

/// Places the point among `digits`, the first of which stands for 10^exponent.
void append_digits(std::string& out, std::string_view digits, int exponent) {
  const int count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= 16) {
    out += digits.front();
    if (count > 1) out.append(".").append(digits.substr(1));
    append_exponent(out, exponent);
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else if (exponent + 1 >= count) {
    out.append(digits).append(static_cast<std::size_t>(exponent + 1 - count), '0').append(".0");
  } else {
    const auto point = static_cast<std::size_t>(exponent + 1);
    out.append(digits.substr(0, point)).append(".").append(digits.substr(point));
  }
}

}  // namespace

void append_real(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "nan";
    return;
  }
  if (std::signbit(value)) {
    out += '-';
    value = -value;
  }
  if (std::isinf(value)) {
    out += "inf";
    return;
  }
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
  const std::string_view written(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
  const std::size_t mark = written.find('e');
  int exponent = 0;
  const char* sign = text.data() + mark + 1;
  std::from_chars(*sign == '+' ? sign + 1 : sign, end.ptr, exponent);
  std::array<char, 32> digits{written.front()};
  std::size_t count = 1;
  for (const char digit : written.substr(1, mark - 1)) {
    if (digit != '.') digits[count++] = digit;
  }
  append_digits(out, std::string_view(digits.data(), count), exponent);
}

void append_integral(std::string& out, double value) {
  if (value == 0) {
    out += '0';
    return;
  }
  std::array<char, 340> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  out.append(text.data(), end.ptr);
}

}  // namespace malet::base
