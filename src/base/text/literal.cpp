#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text/number_text.hpp"
#include "base/text/python_text.hpp"
#include "base/text/text_parts.hpp"
#include "malet/value.hpp"

// Reads the Python literals of log.tsv's cells. Any other cell is text, so reading never fails.
namespace malet {

namespace {

constexpr int max_depth = 64;

/// Whether a number may look like this: from_chars alone would also take "infinity" or "1.".
bool looks_like_number(std::string_view text) {
  const std::size_t first = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  if (first >= text.size()) return false;
  return base::is_digit(text[first]) ||
         (text[first] == '.' && first + 1 < text.size() && base::is_digit(text[first + 1]));
}

std::optional<Value> read_number(std::string_view text) {
  if (!looks_like_number(text)) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto read = std::from_chars(text.data(), end, integer);
      read.ptr == end && read.ec == std::errc()) {
    return Value(integer);
  }
  const bool integral = text.find_first_not_of("-0123456789") == std::string_view::npos;
  if (integral) return std::nullopt;  // beyond 64 bits: text keeps all its digits
  double real = 0;
  const auto read = std::from_chars(text.data(), end, real);
  if (read.ptr != end) return std::nullopt;
  if (read.ec == std::errc::result_out_of_range) real = base::read_decimal(text);
  return Value(real);
}

bool is_integer(std::string_view word) {
  return looks_like_number(word) &&
         word.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::optional<Value> read_word(std::string_view text) {
  if (text == "True") return Value(true);
  if (text == "False") return Value(false);
  if (text == "None") return Value();
  if (text == "nan" || text == "-nan") return Value(std::numeric_limits<double>::quiet_NaN());
  if (text == "inf") return Value(std::numeric_limits<double>::infinity());
  if (text == "-inf") return Value(-std::numeric_limits<double>::infinity());
  return read_number(text);
}

class LiteralReader {
 public:
  /// \param any_length whether to read integers beyond 64 bits, as texts.
  explicit LiteralReader(std::string_view text, bool any_length = false)
      : text_(text), any_length_(any_length) {}

  /// The value of the whole text; nothing when it is no literal.
  std::optional<Value> read() {
    auto value = read_value(0);
    skip_blanks();
    return value && position_ == text_.size() ? value : std::nullopt;
  }

 private:
  void skip_blanks() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }

  bool take(char wanted) {
    skip_blanks();
    if (position_ >= text_.size() || text_[position_] != wanted) return false;
    ++position_;
    return true;
  }

  std::optional<Value> read_value(int depth) {
    skip_blanks();
    if (position_ >= text_.size() || depth > max_depth) return std::nullopt;
    switch (text_[position_]) {
      case '[':
        return read_list(']', depth);
      case '(':
        return read_list(')', depth);
      case '{':
        return read_map(depth);
      case '\'':
      case '"':
        return read_text();
      default:
        return read_bare();
    }
  }

  std::optional<Value> read_text() {
    std::string value;
    if (!base::read_python_string(text_, position_, value)) return std::nullopt;
    return Value(std::move(value));
  }

  std::optional<Value> read_bare() {
    const std::size_t end = text_.find_first_of(", )]}:", position_);
    const auto word = text_.substr(position_, end - position_);
    position_ += word.size();
    if (any_length_ && is_integer(word)) return Value(word);
    return read_word(word);
  }

  std::optional<Value> read_list(char closing, int depth) {
    ++position_;
    Value::List items;
    bool comma = true;
    while (!take(closing)) {
      if (!comma) return std::nullopt;
      auto item = read_value(depth + 1);
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
      comma = take(',');
    }
    if (closing == ')' && items.size() == 1 && !comma) return std::nullopt;  // (1) is no tuple
    return Value(std::move(items));
  }

  std::optional<Value> read_map(int depth) {
    ++position_;
    Value::Map fields;
    bool comma = true;
    while (!take('}')) {
      if (!comma) return std::nullopt;
      auto name = read_value(depth + 1);
      if (!name || !name->is_text() || !take(':')) return std::nullopt;
      auto value = read_value(depth + 1);
      if (!value) return std::nullopt;
      fields.emplace_back(name->text(), std::move(*value));
      comma = take(',');
    }
    return Value(std::move(fields));
  }

  std::string_view text_;
  bool any_length_;
  std::size_t position_ = 0;
};

}  // namespace

bool base::is_broken_list(std::string_view cell) {
  if (cell.empty() || cell.front() != '[') return false;
  const std::size_t first = std::min(cell.find_first_not_of(' ', 1), cell.size());
  const std::size_t end = std::min(cell.find_first_of(",]", first), cell.size());
  const std::string_view item = cell.substr(first, end - first);
  const bool is_number = is_integer(item) || read_word(item);
  const bool goes_on = end == cell.size() || cell[end] == ',';
  return is_number && goes_on && !LiteralReader(cell, true).read();
}

Value from_cell(std::string_view text) {
  if (text.empty()) return {};
  const char first = text.front();
  if (first == '[' || first == '(' || first == '{') {
    auto value = LiteralReader(text).read();
    return value ? std::move(*value) : Value(text);
  }
  auto value = read_word(text);
  return value ? std::move(*value) : Value(text);
}

}  // namespace malet
