#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text/python_text.hpp"
#include "base/text/text_parts.hpp"
#include "base/yaml/yaml_scalar.hpp"

// yaml-cpp 0.7 finds where a quoted scalar ends, but reads it wrong: it makes single bytes of `\_`
// and `\N`, which is no UTF-8, and loses line breaks at the end. So its content is read here.
namespace malet::base::yaml {

namespace {

constexpr std::string_view blanks = " \t";
constexpr std::string_view breaks = "\r\n";

class QuotedReader {
 public:
  explicit QuotedReader(std::string_view text) : rest_(text.substr(1)), quote_(text.front()) {}

  std::optional<std::string> read() {
    const std::string_view special = quote_ == '"' ? "\"\\ \t\r\n" : "' \t\r\n";
    while (true) {
      take(std::min(rest_.find_first_of(special), rest_.size()));
      if (rest_.empty()) return std::nullopt;
      if (rest_.front() == quote_) {
        if (quote_ == '"' || rest_.substr(0, 2) != "''") return std::move(value_);
        rest_.remove_prefix(1);
        take(1);
      } else if (rest_.front() == '\\') {
        rest_.remove_prefix(1);
        if (rest_.empty()) return std::nullopt;
        read_escape();
      } else {
        read_blanks();
      }
    }
  }

 private:
  void take(std::size_t length) {
    value_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  [[nodiscard]] bool at_break() const {
    return !rest_.empty() && breaks.find(rest_.front()) != std::string_view::npos;
  }
  void skip_break() { rest_.remove_prefix(rest_.substr(0, 2) == "\r\n" ? 2 : 1); }
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size()));
  }

  /// Keeps blanks inside a line; folds blanks at a line break with it.
  void read_blanks() {
    const std::size_t length = std::min(rest_.find_first_not_of(blanks), rest_.size());
    const std::string_view kept = rest_.substr(0, length);
    rest_.remove_prefix(length);
    if (!at_break()) {
      value_ += kept;
      return;
    }
    skip_break();
    if (!read_empty_lines()) value_ += ' ';
  }

  /// Adds a line break for each empty line, and skips the blanks at the start of the next line.
  bool read_empty_lines() {
    bool any = false;
    for (skip_blanks(); at_break(); skip_blanks()) {
      skip_break();
      value_ += '\n';
      any = true;
    }
    return any;
  }

  void read_escape() {
    const char letter = rest_.front();
    if (at_break()) {
      skip_break();
      static_cast<void>(read_empty_lines());
      return;
    }
    if (const std::size_t at = escape_letters.find(letter); at != std::string_view::npos) {
      rest_.remove_prefix(1);
      append_utf8(value_, escaped_characters[at]);
    } else if (letter == 'x' || letter == 'u' || letter == 'U') {
      rest_.remove_prefix(1);
      read_code_point(letter == 'x' ? 2 : letter == 'u' ? 4 : 8);
    } else {
      take(1);  // a quote, a slash, a blank: itself
    }
  }

  /// yaml-cpp has refused anything that is no code point.
  void read_code_point(std::size_t digits) {
    const std::string_view hex = rest_.substr(0, digits);
    std::uint32_t code = 0;
    std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    append_utf8(value_, code);
    rest_.remove_prefix(hex.size());
  }

  std::string_view rest_;
  char quote_;
  std::string value_;
};

}  // namespace

std::optional<std::string> read_quoted(std::string_view text) {
  return QuotedReader(text).read();
}

std::optional<std::size_t> kept_breaks(std::string_view text) {
  const auto next_line = [&text] {
    const std::string_view line = take_line(text);
    return line.substr(0, line.find_last_not_of('\r') + 1);
  };
  const std::string_view head = next_line();
  if (head.substr(0, 2) != ">+" || (head.size() > 2 && is_digit(head[2]))) {
    return std::nullopt;
  }
  std::size_t indent = 0;  // 0: not known yet
  std::size_t count = 0;
  while (!text.empty()) {
    const bool ended = text.find('\n') != std::string_view::npos;
    const std::string_view line = next_line();
    const std::size_t depth = std::min(line.find_first_not_of(' '), line.size());
    const bool is_blank = depth == line.size() && (indent == 0 || depth <= indent);
    if (is_blank) {
      count += ended ? 1 : 0;
      continue;
    }
    if (depth < indent) break;
    if (indent == 0) indent = depth;
    count = ended ? 1 : 0;
  }
  return indent == 0 ? std::nullopt : std::optional(count);
}

}  // namespace malet::base::yaml
