#include "plan/yaml_brackets.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

// List expressions must be cut out before the YAML reader sees them: `[10**{-i};1:1:5]` is no YAML.
// This scanner knows just enough of YAML's tokens to find where a `[` opens a list.
namespace malet::plan {

namespace {

constexpr std::size_t none = std::string_view::npos;

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<BracketedExpression> scan() {
    while (at_ < text_.size()) token();
    return std::move(found_);
  }

 private:
  /// A bracket that is not closed yet.
  struct Open {
    char opening;
    std::size_t begin;
    std::size_t semicolon = none;
    bool has_colon = false;  // behind the semicolon
    bool has_quotes = false;
  };

  [[nodiscard]] bool is(std::size_t at, std::string_view any) const {
    return at < text_.size() && any.find(text_[at]) != none;
  }
  [[nodiscard]] bool is_blank_or_end(std::size_t at) const {
    return at >= text_.size() || is(at, " \t\r\n");
  }
  [[nodiscard]] std::int64_t column() const { return static_cast<std::int64_t>(at_ - line_); }
  [[nodiscard]] bool in_flow() const { return !open_.empty(); }

  void token() {
    const char c = text_[at_];
    if (c == '\n') {
      next_line();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (c == '#' && (at_ == 0 || is(at_ - 1, " \t\r\n"))) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (continues_ && column() > indent_) {
      plain();
    } else {
      continues_ = false;
      start_token(c);
    }
  }

  void next_line() {
    ++at_;
    line_ = at_;
  }

  void start_token(char c) {
    if (column() == 0 && text_.substr(at_, 3) == "---" && is_blank_or_end(at_ + 3)) {
      at_ += 3;
      indent_ = -1;
    } else if (c == '"' || c == '\'') {
      token_ = column();
      quoted(c);
    } else if (c == '[' || c == '{') {
      open_.push_back({c, at_++});
    } else if (c == ']' || c == '}') {
      close(c);
    } else if (c == ',' && in_flow()) {
      ++at_;
    } else if ((c == '-' || c == '?') && !in_flow() && is_blank_or_end(at_ + 1)) {
      indent_ = column();
      ++at_;
    } else if (c == ':' && is_blank_or_end(at_ + 1)) {
      value_follows();
    } else if ((c == '|' || c == '>') && !in_flow()) {
      block_scalar();
    } else if ((c == '&' || c == '!') && !in_flow()) {
      while (!is_blank_or_end(at_)) ++at_;
    } else {
      token_ = column();
      plain();
    }
  }

  /// Takes the `:` behind a key; the value is indented relative to the key.
  void value_follows() {
    note(':');
    if (!in_flow()) indent_ = token_;
    ++at_;
  }

  /// Notes the characters by which the innermost bracket is a list expression.
  void note(char c) {
    if (!in_flow()) return;
    Open& open = open_.back();
    if (c == ';' && open.semicolon == none) open.semicolon = at_;
    if (c == ':' && open.semicolon != none) open.has_colon = true;
  }

  void plain() {
    continues_ = false;
    while (at_ < text_.size() && text_[at_] != '\n') {
      const char c = text_[at_];
      if (c == ':' && is_blank_or_end(at_ + 1)) return;
      if (c == '#' && is(at_ - 1, " \t")) return;
      if (in_flow() && is(at_, ",[]{}")) return;
      note(c);
      ++at_;
    }
    continues_ = !in_flow();
  }

  void quoted(char quote) {
    if (in_flow()) open_.back().has_quotes = true;
    for (++at_; at_ < text_.size(); ++at_) {
      const bool escapes =
          quote == '"' ? text_[at_] == '\\' : text_[at_] == quote && is(at_ + 1, "'");
      if (text_[at_] == quote && !escapes) break;
      if (escapes) ++at_;
      if (is(at_, "\n")) line_ = at_ + 1;
    }
    if (at_ < text_.size()) ++at_;
  }

  void close(char closing) {
    ++at_;
    if (!in_flow()) return;
    const Open open = open_.back();
    open_.pop_back();
    if (open.opening != '[' || closing != ']') return;
    if (open.semicolon == none || !open.has_colon || open.has_quotes) return;
    while (!found_.empty() && found_.back().begin > open.begin) found_.pop_back();
    found_.push_back({open.begin, open.semicolon, at_, in_flow()});
  }

  /// Skips lines that are blank or indented deeper than the owner of the scalar.
  void block_scalar() {
    at_ = std::min(text_.find('\n', at_), text_.size());
    while (at_ < text_.size()) {
      const std::size_t line = at_ + 1;
      const std::size_t first = std::min(text_.find_first_not_of(" \r", line), text_.size());
      const bool is_empty = first == text_.size() || text_[first] == '\n';
      if (!is_empty && static_cast<std::int64_t>(first - line) <= indent_) return;
      at_ = std::min(text_.find('\n', first), text_.size());
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;      // where the line of at_ begins
  std::int64_t token_ = 0;    // column of the last key or scalar
  std::int64_t indent_ = -1;  // column of the list item or key that values now belong to
  bool continues_ = false;    // a plain scalar may go on in the next line
  std::vector<Open> open_;
  std::vector<BracketedExpression> found_;
};

}  // namespace

std::vector<BracketedExpression> find_list_expressions(std::string_view yaml) {
  return Scanner(yaml).scan();
}

}  // namespace malet::plan
