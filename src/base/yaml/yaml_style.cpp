#include <algorithm>
#include <optional>

#include "base/text/python_text.hpp"
#include "base/text/text_parts.hpp"
#include "base/yaml/yaml_scalar.hpp"
#include "base/yaml/yaml_text.hpp"

// Chooses the quotes of a text. A plain text must be read back as text under YAML 1.1, must hold
// nothing that YAML reads as structure, and only printable ASCII on one line. Single quotes allow
// line breaks without blanks beside them; double quotes allow everything.
namespace malet::base::yaml {

namespace {

constexpr std::size_t max_simple_key = 122;

/// Whether words end here for YAML: at blanks, breaks and the end of the text.
bool is_separator(std::u32string_view text, std::size_t position) {
  if (position >= text.size()) return true;
  constexpr std::u32string_view separators(U"\0 \t\r\n\u0085\u2028\u2029", 8);
  return separators.find(text[position]) != std::u32string_view::npos;
}

/// Whether YAML would read structure in the text if it were written plain in block style.
bool holds_structure(std::u32string_view text) {
  if (text.substr(0, 3) == U"---" || text.substr(0, 3) == U"...") return true;
  constexpr std::u32string_view never_first = U"#,[]{}&*!|>'\"%@`";
  if (never_first.find(text.front()) != std::u32string_view::npos) return true;
  constexpr std::u32string_view never_alone = U"?:-";
  if (never_alone.find(text.front()) != std::u32string_view::npos && is_separator(text, 1)) {
    return true;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == U':' && is_separator(text, i + 1)) return true;
    if (text[i] == U'#' && is_separator(text, i - 1)) return true;
  }
  return false;
}

bool is_printable(char32_t c) {
  return c == U'\n' || (c >= U' ' && c <= U'~');
}

/// Whether a blank stands beside a line break: folding would lose it.
bool mixes_blanks_and_breaks(std::u32string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const auto pair = text.substr(i - 1, 2);
    if (pair == U" \n" || pair == U"\n ") return true;
  }
  return false;
}

bool take_digits(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  while (count < text.size() && count < most && is_digit(text[count])) ++count;
  text.remove_prefix(count);
  return count >= least;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

/// The end of a timestamp: nothing, `Z`, or an offset such as `+1` or `-01:30`.
bool is_zone(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  if (text.empty() || text == "Z") return true;
  if (!take(text, '+') && !take(text, '-')) return false;
  if (!take_digits(text, 1, 2)) return false;
  return text.empty() || (take(text, ':') && take_digits(text, 2, 2) && text.empty());
}

/// Whether PyYAML would read a date or a point in time.
bool is_timestamp(std::string_view text) {
  if (text.size() < 8 || !take_digits(text, 4, 4) || !take(text, '-')) return false;
  const bool short_month = text.size() > 1 && text[1] == '-';
  if (!take_digits(text, 1, 2) || !take(text, '-')) return false;
  const bool short_day = text.size() == 1 || (text.size() > 1 && !is_digit(text[1]));
  if (!take_digits(text, 1, 2)) return false;
  if (text.empty()) return !short_month && !short_day;
  if (!take(text, 'T') && !take(text, 't')) {
    const std::size_t blanks = std::min(text.find_first_not_of(" \t"), text.size());
    if (blanks == 0) return false;
    text.remove_prefix(blanks);
  }
  if (!take_digits(text, 1, 2) || !take(text, ':') || !take_digits(text, 2, 2)) return false;
  if (!take(text, ':') || !take_digits(text, 2, 2)) return false;
  if (take(text, '.')) take_digits(text, 0, text.size());
  // Blanks before the zone, and none behind it.
  return is_zone(text) && (text.empty() || (text.back() != ' ' && text.back() != '\t'));
}

/// Whether the text is `0x_` or the like: PyYAML takes it for an integer although it has no digit.
bool is_digitless_integer(std::string_view text) {
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'b') &&
         text.find_first_not_of('_', 2) == std::string_view::npos;
}

/// Whether the plain text means itself under YAML 1.1. ASCII only.
bool means_text(std::u32string_view text) {
  if (text == U"<<" || text == U"=") return false;
  const std::string narrow(text.begin(), text.end());
  const auto value = resolve_plain(narrow, Schema::pyyaml);
  return value && value->is_text() && !is_timestamp(narrow) && !is_digitless_integer(narrow);
}

}  // namespace

TextStyle choose_style(std::u32string_view text) {
  if (text.empty()) return TextStyle::single_quoted;
  if (!std::all_of(text.begin(), text.end(), is_printable)) return TextStyle::double_quoted;
  if (mixes_blanks_and_breaks(text)) return TextStyle::double_quoted;
  const bool bare = text.front() != U' ' && text.back() != U' ' &&
                    text.find(U'\n') == std::u32string_view::npos && !holds_structure(text);
  return bare && means_text(text) ? TextStyle::plain : TextStyle::single_quoted;
}

bool is_simple_key(std::u32string_view text) {
  constexpr std::u32string_view breaks = U"\n\u0085\u2028\u2029";
  return !text.empty() && text.size() <= max_simple_key &&
         text.find_first_of(breaks) == std::u32string_view::npos;
}

std::u32string decode(std::string_view text) {
  std::u32string code_points;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) {
      return char32_t(static_cast<unsigned char>(text[at]));
    };
    const std::size_t length = std::max<std::size_t>(utf8_length(text, i), 1);
    char32_t code = length == 1 ? byte(i) : byte(i) & (0x7FU >> length);
    for (std::size_t j = 1; j < length; ++j) code = (code << 6U) | (byte(i + j) & 0x3FU);
    code_points += code;
    i += length;
  }
  return code_points;
}

}  // namespace malet::base::yaml
