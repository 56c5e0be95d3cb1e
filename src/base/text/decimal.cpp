#include "base/text/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

namespace malet::base {

namespace {

/// The exponent behind an `e`, cut to what no double reaches.
std::int64_t read_exponent(std::string_view text) {
  constexpr std::int64_t huge = std::int64_t{1} << 40;
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (read.ec == std::errc()) return std::clamp(exponent, -huge, huge);
  return !text.empty() && text.front() == '-' ? -huge : huge;
}

/// Whether an unsigned number that is out of range is too large; otherwise it is too small.
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

}  // namespace

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

}  // namespace malet::base
