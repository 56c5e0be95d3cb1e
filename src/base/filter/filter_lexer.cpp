#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/filter/filter_parser.hpp"
#include "base/text/python_text.hpp"
#include "base/text/reject.hpp"
#include "base/text/text_parts.hpp"

namespace malet::base {

namespace {

using Kind = FilterToken::Kind;

constexpr std::size_t max_length = 100'000;
/// Messages show only the part of a longer expression around the error.
constexpr std::size_t max_shown = 60;

/// Bare words hold all characters without a meaning of their own, so that 1e-4, adam-w, v1.2,
/// /data/x and letters beyond ASCII need no quotes.
bool is_word_character(char c) {
  return !is_control(c) && c != ' ' &&
         std::string_view("()[]{},'\"`<>=!&|;").find(c) == std::string_view::npos;
}

std::optional<Kind> single_character(char c) {
  constexpr std::array<Kind, 5> kinds{Kind::open_paren, Kind::close_paren, Kind::open_bracket,
                                      Kind::close_bracket, Kind::comma};
  const std::size_t at = std::string_view("()[],").find(c);
  return at < kinds.size() ? std::optional(kinds[at]) : std::nullopt;
}

/// The expression, or its part around `position`, for a message.
std::string shown(std::string_view expression, std::size_t position) {
  const bool whole = expression.size() <= max_shown;
  const std::size_t begin = whole || position < max_shown / 2 ? 0 : position - max_shown / 2;
  std::string part(expression.substr(begin, max_shown));
  std::replace_if(part.begin(), part.end(), is_control, '?');
  return fmt::format("{}{}{}", begin > 0 ? "..." : "", part,
                     begin + max_shown < expression.size() ? "..." : "");
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<FilterToken> read() {
    std::vector<FilterToken> tokens;
    do {
      tokens.push_back(next());
    } while (tokens.back().kind != Kind::end);
    return tokens;
  }

 private:
  FilterToken next() {
    position_ = std::min(text_.find_first_not_of(" \t\r\n", position_), text_.size());
    FilterToken token;
    token.position = position_;
    if (position_ == text_.size()) return token;
    const char c = text_[position_];
    if (const auto kind = single_character(c)) {
      token.kind = *kind;
      ++position_;
    } else if (c == '\'' || c == '"') {
      read_quoted(token);
    } else if (c == '`') {
      read_field(token);
    } else if (c == '<' || c == '>' || c == '=' || c == '!') {
      read_comparator(token);
    } else {
      read_word(token);
    }
    return token;
  }

  void read_quoted(FilterToken& token) {
    token.kind = Kind::quoted;
    if (!read_python_string(text_, position_, token.text)) {
      fail_in_filter(text_, token.position, "a quote is not closed, or escapes something unknown");
    }
  }

  void read_field(FilterToken& token) {
    token.kind = Kind::field;
    const std::size_t close = text_.find('`', position_ + 1);
    if (close == std::string_view::npos) {
      fail_in_filter(text_, token.position, "a backtick is not closed");
    }
    token.text = text_.substr(position_ + 1, close - position_ - 1);
    position_ = close + 1;
  }

  void read_comparator(FilterToken& token) {
    token.kind = Kind::comparator;
    token.text = text_.substr(position_, text_.substr(position_ + 1, 1) == "=" ? 2 : 1);
    position_ += token.text.size();
    if (token.text == "=") token.text = "==";
    if (token.text == "!") {
      fail_in_filter(text_, token.position, "'!' stands alone; write != or not");
    }
  }

  void read_word(FilterToken& token) {
    token.kind = Kind::word;
    while (position_ < text_.size() && is_word_character(text_[position_])) ++position_;
    token.text = text_.substr(token.position, position_ - token.position);
    if (token.text.empty()) {
      fail_in_filter(text_, token.position,
                     "a character has no meaning here; put text that holds it in quotes");
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

void fail_in_filter(std::string_view expression, std::size_t position, std::string_view what) {
  reject("filter `{}`: at character {}: {}", shown(expression, position), position + 1, what);
}

std::vector<FilterToken> lex_filter(std::string_view expression) {
  if (expression.size() > max_length) {
    fail_in_filter(expression, max_length,
                   fmt::format("a filter has at most {} characters", max_length));
  }
  return Lexer(expression).read();
}

}  // namespace malet::base
