#include "base/text/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
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

/// Appends digits with their point; the first digit stands for 10^exponent.
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

/// The exponent behind an `e`, limited to values far beyond those of a double.
std::int64_t read_exponent(std::string_view text) {
  constexpr std::int64_t huge = std::int64_t{1} << 40;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (read.ec == std::errc()) return std::clamp(exponent, -huge, huge);
  return !text.empty() && text.front() == '-' ? -huge : huge;
}

/// Whether an unsigned number that is out of range is too large rather than too small.
bool is_huge(std::string_view text) {
  const std::size_t mark = text.find_first_of("eE");
  const std::string_view digits = text.substr(0, mark);
  const std::int64_t exponent =
      mark == std::string_view::npos ? 0 : read_exponent(text.substr(mark + 1));
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_not_of("0.");
  if (first == std::string_view::npos) return false;
  return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) > 0;
}

constexpr std::string_view letters = "KMGTP";

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c != ' ') result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

/// The factor of a unit that is in lower case and without blanks.
std::optional<double> factor_of(std::string_view unit) {
  if (unit.empty() || unit == "b") return 1;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letters[i])));
    if (unit.front() != letter) continue;
    unit.remove_prefix(1);
    if (!unit.empty() && unit != "b" && unit != "ib") return std::nullopt;
    return std::pow(1024.0, static_cast<double>(i + 1));
  }
  return std::nullopt;
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

double read_decimal(std::string_view text) {
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc::result_out_of_range) {
    value = is_huge(text) ? std::numeric_limits<double>::infinity() : 0.0;
  }
  return negative ? -value : value;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  constexpr double full = 1023.5;  // is written as 1024
  for (value /= 1024; value >= full && unit + 1 < letters.size(); ++unit) value /= 1024;
  return fmt::format("{:.4g} {}iB", value, letters[unit]);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  const auto used = static_cast<std::size_t>(end - text.data());
  const auto factor = factor_of(lower(text.substr(used)));
  if (!factor) return std::nullopt;
  const double bytes = number * *factor;
  if (!(bytes >= 1) || bytes >= 1.8e19) return std::nullopt;
  return static_cast<std::uint64_t>(bytes);
}

}  // namespace malet::base
