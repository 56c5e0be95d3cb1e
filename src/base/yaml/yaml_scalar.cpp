#include "base/yaml/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "base/text/number_text.hpp"
#include "base/text/text_parts.hpp"

// Both schemas are read by hand: std::regex would take seconds for a million scalars. YAML 1.1 here
// means PyYAML's resolver, which is narrower than the standard (a real needs a point, an exponent a
// sign) and wider (0_1 is an octal number).
namespace malet::base::yaml {

namespace {

using Text = std::string_view;

bool only(Text text, Text allowed) {
  return text.find_first_not_of(allowed) == Text::npos;
}

constexpr Text digits = "0123456789";
constexpr Text digits_and_underscore = "0123456789_";

Text take(Text& text, Text allowed) {
  const Text taken = text.substr(0, text.find_first_not_of(allowed));
  text.remove_prefix(taken.size());
  return taken;
}

/// Takes a sign off; true for a minus.
bool take_sign(Text& text) {
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  return negative;
}

std::string without_underscores(Text text) {
  std::string kept(text);
  kept.erase(std::remove(kept.begin(), kept.end(), '_'), kept.end());
  return kept;
}

template <std::size_t N>
bool is_one_of(Text text, const std::array<Text, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<Text, 5> null_words{"", "~", "null", "Null", "NULL"};
constexpr std::array<Text, 9> true_words{"true", "True", "TRUE", "yes", "Yes",
                                         "YES",  "on",   "On",   "ON"};
constexpr std::array<Text, 9> false_words{"false", "False", "FALSE", "no", "No",
                                          "NO",    "off",   "Off",   "OFF"};
constexpr std::array<Text, 3> inf_words{".inf", ".Inf", ".INF"};
constexpr std::array<Text, 3> nan_words{".nan", ".NaN", ".NAN"};

std::optional<Value> read_word(Text text) {
  if (text.size() > 5) return std::nullopt;
  if (is_one_of(text, null_words)) return Value();
  if (is_one_of(text, true_words)) return Value(true);
  if (is_one_of(text, false_words)) return Value(false);
  if (is_one_of(text, nan_words)) return Value(std::numeric_limits<double>::quiet_NaN());
  const bool negative = take_sign(text);
  if (!is_one_of(text, inf_words)) return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return Value(negative ? -infinity : infinity);
}

/// An integer from digits of a base; nothing beyond 64 bits.
std::optional<Value> read_integer(bool negative, Text magnitude, int base) {
  std::uint64_t value = 0;
  const auto read =
      std::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), value, base);
  constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
  if (read.ec != std::errc() || value > largest + (negative ? 1U : 0U)) return std::nullopt;
  return Value(static_cast<std::int64_t>(negative ? 0 - value : value));
}

/// Whether the text is `digits[.digits][e[sign]digits]` or `.digits...`, without a sign.
bool is_core_real(Text text) {
  const Text whole = take(text, digits);
  Text fraction;
  if (!text.empty() && text.front() == '.') {
    text.remove_prefix(1);
    fraction = take(text, digits);
  }
  if (whole.empty() && fraction.empty()) return false;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (text.empty()) return false;
  take_sign(text);
  return !text.empty() && only(text, digits);
}

/// The seconds that `digits:60:60` stands for; is_sixties holds for the part from the first colon
/// on.
std::optional<Value> read_sexagesimal(bool negative, const std::string& text) {
  std::int64_t value = 0;
  Text rest = text;
  while (!rest.empty()) {
    const Text part = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    std::int64_t digit = 0;
    if (std::from_chars(part.data(), part.data() + part.size(), digit).ec != std::errc() ||
        __builtin_mul_overflow(value, std::int64_t{60}, &value) ||
        __builtin_add_overflow(value, digit, &value)) {
      return std::nullopt;
    }
  }
  return Value(negative ? -value : value);
}

/// Whether the text is `:59:59...`, the minutes and seconds of YAML 1.1.
bool is_sixties(Text text) {
  bool any = false;
  while (!text.empty()) {
    if (text.front() != ':') return false;
    text.remove_prefix(1);
    const Text part = take(text, digits);
    if (part.empty() || part.size() > 2 || (part.size() == 2 && part[0] > '5')) return false;
    any = true;
  }
  return any;
}

Value read_sexagesimal_real(bool negative, Text text) {
  double value = 0;
  while (!text.empty()) {
    const Text part = text.substr(0, text.find(':'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    value = value * 60 + read_decimal(part);
  }
  return Value(negative ? -value : value);
}

/// Whether the text is a real of YAML 1.1 with a point, without a sign.
bool is_pyyaml_real(Text text, bool is_signed) {
  const Text whole = take(text, digits_and_underscore);
  if (text.empty() || text.front() != '.') return false;
  text.remove_prefix(1);
  if (whole.empty() && (is_signed || text.empty() || !is_digit(text.front()))) return false;
  if (!whole.empty() && !is_digit(whole.front())) return false;
  take(text, digits_and_underscore);
  if (text.empty()) return true;
  if ((text[0] != 'e' && text[0] != 'E') || text.size() < 3) return false;
  return (text[1] == '+' || text[1] == '-') && only(text.substr(2), digits);
}

/// `1:30.5`: hours, minutes and seconds with a fraction.
bool is_sexagesimal_real(Text text) {
  const std::size_t point = text.find('.');
  if (point == Text::npos || !only(text.substr(point + 1), digits_and_underscore)) return false;
  Text whole = text.substr(0, point);
  if (whole.empty() || !is_digit(whole.front())) return false;
  take(whole, digits_and_underscore);
  return is_sixties(whole);
}

/// The value, or text when it is no number; nothing beyond 64 bits.
std::optional<Value> resolve_core_number(Text text) {
  Text rest = text;
  const bool negative = take_sign(rest);
  if (rest.empty()) return Value(text);
  if (only(rest, digits)) return read_integer(negative, rest, 10);
  if (rest.size() == text.size() && rest.size() > 2 && rest[0] == '0') {
    const Text magnitude = rest.substr(2);
    if (rest[1] == 'x' && only(magnitude, "0123456789abcdefABCDEF")) {
      return read_integer(false, magnitude, 16);
    }
    if (rest[1] == 'o' && only(magnitude, "01234567")) return read_integer(false, magnitude, 8);
  }
  return is_core_real(rest) ? Value(read_decimal(text)) : Value(text);
}

/// An integer of YAML 1.1 whose digits may hold underscores; text when nothing else is left.
std::optional<Value> read_underscored(bool negative, Text magnitude, int base, Text text) {
  const std::string kept = without_underscores(magnitude);
  return kept.empty() ? Value(text) : read_integer(negative, kept, base);
}

std::optional<Value> resolve_pyyaml_number(Text text) {
  Text rest = text;
  const bool negative = take_sign(rest);
  if (rest.empty()) return Value(text);
  const bool is_signed = rest.size() != text.size();
  if (is_pyyaml_real(rest, is_signed)) {
    const double real = read_decimal(without_underscores(rest));
    return Value(negative ? -real : real);
  }
  if (is_sexagesimal_real(rest)) return read_sexagesimal_real(negative, without_underscores(rest));
  if (!is_digit(rest[0])) return Value(text);
  if (rest.size() > 2 && rest[0] == '0' && (rest[1] == 'b' || rest[1] == 'x')) {
    const bool binary = rest[1] == 'b';
    const Text magnitude = rest.substr(2);
    if (!only(magnitude, binary ? "01_" : "0123456789abcdefABCDEF_")) return Value(text);
    return read_underscored(negative, magnitude, binary ? 2 : 16, text);
  }
  if (rest[0] == '0') {
    return only(rest, "01234567_") ? read_underscored(negative, rest, 8, text) : Value(text);
  }
  if (only(rest, digits_and_underscore)) return read_underscored(negative, rest, 10, text);
  Text sixties = rest;
  take(sixties, digits_and_underscore);
  if (is_sixties(sixties)) return read_sexagesimal(negative, without_underscores(rest));
  return Value(text);
}

}  // namespace

std::optional<Value> resolve_plain(std::string_view text, Schema schema) {
  if (text.empty()) return Value();
  if (auto word = read_word(text)) return word;
  if (!is_digit(text[0]) && text[0] != '-' && text[0] != '+' && text[0] != '.') return Value(text);
  return schema == Schema::core ? resolve_core_number(text) : resolve_pyyaml_number(text);
}

}  // namespace malet::base::yaml
