#include "base/json/json_read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "base/text/number_text.hpp"
#include "base/text/python_text.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"

// Written by hand, as the writer is, because trainings report NaN and infinities, and because hosts
// send millions of lines: it takes one pass and builds no intermediate document.
namespace malet::base {

namespace {

constexpr int max_depth = 64;
constexpr char32_t replacement = 0xFFFD;

/// ASCII that needs no escape inside quotes.
bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

bool is_high_surrogate(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_low_surrogate(std::uint32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : text_(text) {}

  Value read() {
    Value value = read_value(0);
    skip_blanks();
    if (position_ < text_.size()) fail("the end of the text");
    return value;
  }

 private:
  [[noreturn]] void fail(std::string_view expected) const {
    const std::string found = at_end()           ? "the end of the text"
                              : is_plain(peek()) ? fmt::format("'{}'", peek())
                                                 : fmt::format("the byte 0x{:02x}", byte());
    reject("no JSON at byte {}: expected {}, found {}", position_ + 1, expected, found);
  }

  bool at_end() const { return position_ >= text_.size(); }
  /// The next character, and NUL at the end.
  char peek() const { return at_end() ? '\0' : text_[position_]; }
  unsigned byte() const { return static_cast<unsigned char>(peek()); }

  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++position_;
    return true;
  }

  void skip_blanks() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') ++position_;
  }

  bool skip_digits() {
    const std::size_t start = position_;
    while (is_digit(peek())) ++position_;
    return position_ > start;
  }

  Value read_value(int depth) {
    skip_blanks();
    switch (peek()) {
      case '{':
        return read_map(depth);
      case '[':
        return read_list(depth);
      case '"':
        return read_text();
      case 't':
        return read_word("true", true);
      case 'f':
        return read_word("false", false);
      case 'n':
        return read_word("null", Value());
      case 'N':
        return read_word("NaN", std::numeric_limits<double>::quiet_NaN());
      case 'I':
        return read_word("Infinity", std::numeric_limits<double>::infinity());
      default:
        return read_number();
    }
  }

  Value read_word(std::string_view word, Value value) {
    if (!text_.substr(position_).starts_with(word)) fail(word);
    position_ += word.size();
    return value;
  }

  Value read_number() {
    const std::size_t start = position_;
    const bool negative = take('-');
    if (negative && peek() == 'I') {
      return read_word("Infinity", -std::numeric_limits<double>::infinity());
    }
    if (!take('0') && !skip_digits()) fail(negative ? "a digit" : "a value");
    const bool integral = !skip_fraction_and_exponent();
    const std::string_view number = text_.substr(start, position_ - start);
    std::int64_t integer = 0;
    const char* end = number.data() + number.size();
    if (integral && std::from_chars(number.data(), end, integer).ec == std::errc()) return integer;
    return read_decimal(number);
  }

  /// Whether there was a fraction or an exponent.
  bool skip_fraction_and_exponent() {
    const std::size_t start = position_;
    if (take('.') && !skip_digits()) fail("a digit");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!skip_digits()) fail("a digit");
    }
    return position_ > start;
  }

  std::string read_text() {
    ++position_;
    std::string value;
    while (true) {
      const std::size_t start = position_;
      while (!at_end() && is_plain(text_[position_])) ++position_;
      value.append(text_.substr(start, position_ - start));
      if (take('"')) return value;
      if (take('\\')) {
        read_escape(value);
      } else if (byte() >= 0x80) {
        read_utf8(value);
      } else {
        fail(at_end() ? "'\"'" : "control characters to be escaped");
      }
    }
  }

  void read_utf8(std::string& value) {
    const std::size_t length = utf8_length(text_, position_);
    if (length == 0) {
      append_utf8(value, replacement);
    } else {
      value.append(text_.substr(position_, length));
    }
    position_ += std::max<std::size_t>(length, 1);
  }

  /// What stands behind a backslash.
  void read_escape(std::string& value) {
    static constexpr std::string_view letters = "\"\\/bfnrt";
    static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (take('u')) {
      append_utf8(value, read_code_point());
      return;
    }
    const std::size_t known = at_end() ? std::string_view::npos : letters.find(peek());
    if (known == std::string_view::npos) fail("one of \"\\/bfnrtu behind a backslash");
    value += meanings[known];
    ++position_;
  }

  /// The digits of \uNNNN, and those of the other half of a surrogate pair.
  char32_t read_code_point() {
    const std::uint32_t unit = read_hex();
    if (is_low_surrogate(unit)) return replacement;
    if (!is_high_surrogate(unit)) return static_cast<char32_t>(unit);
    const std::size_t behind = position_;
    if (take('\\') && take('u')) {
      const std::uint32_t low = read_hex();
      if (is_low_surrogate(low)) {
        return static_cast<char32_t>(0x10000U + ((unit - 0xD800U) << 10U) + (low - 0xDC00U));
      }
    }
    position_ = behind;
    return replacement;
  }

  std::uint32_t read_hex() {
    const std::string_view digits = text_.substr(position_, 4);
    const char* end = digits.data() + digits.size();
    std::uint32_t unit = 0;
    const auto read = std::from_chars(digits.data(), end, unit, 16);
    if (digits.size() < 4 || read.ptr != end) fail("four hex digits");
    position_ += 4;
    return unit;
  }

  Value read_list(int depth) {
    open(depth);
    Value::List items;
    skip_blanks();
    if (take(']')) return items;
    while (true) {
      items.push_back(read_value(depth + 1));
      skip_blanks();
      if (take(']')) return items;
      if (!take(',')) fail("',' or ']'");
    }
  }

  Value read_map(int depth) {
    open(depth);
    Value::Map fields;
    skip_blanks();
    if (take('}')) return fields;
    while (true) {
      skip_blanks();
      if (peek() != '"') fail("a name in double quotes");
      std::string name = read_text();
      skip_blanks();
      if (!take(':')) fail("':'");
      fields.emplace_back(std::move(name), read_value(depth + 1));
      skip_blanks();
      if (take('}')) break;
      if (!take(',')) fail("',' or '}'");
    }
    keep_last_values(fields);
    return fields;
  }

  void open(int depth) {
    if (depth >= max_depth) fail(fmt::format("no more than {} levels", max_depth));
    ++position_;
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

bool has_repeat(const Value::Map& fields) {
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    const auto same = [&](const auto& other) { return other.first == field->first; };
    if (std::any_of(field + 1, fields.end(), same)) return true;
  }
  return false;
}

}  // namespace

Value read_json(std::string_view text) {
  return JsonReader(text).read();
}

std::string text_field(const Value& map, std::string_view name) {
  const Value* found = map.find(name);
  return found != nullptr && found->is_text() ? found->text() : std::string();
}

// Looks names up in a sorted map: comparing each with each would take hours for a map of a million
// names. Small maps, which are nearly all, are compared without an allocation.
void keep_last_values(Value::Map& fields) {
  constexpr std::size_t few = 8;
  if (fields.size() <= few && !has_repeat(fields)) return;
  std::map<std::string, std::size_t> places;
  for (auto& field : fields) {
    const auto [place, is_new] = places.try_emplace(field.first, places.size());
    Value::Map::value_type& kept = fields[place->second];
    if (!is_new) {
      kept.second = std::move(field.second);
    } else if (&kept != &field) {
      kept = std::move(field);
    }
  }
  fields.resize(places.size());
}

}  // namespace malet::base
