#include "base/yaml/yaml_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/yaml/yaml_scalar.hpp"

// Breaks lines where PyYAML does: at a single blank once the line is wider than 80, and in double
// quotes also inside a word, with a backslash.
namespace malet::base::yaml {

namespace {

constexpr std::size_t width = 80;
using TextView = std::u32string_view;

/// The end of the run of characters equal to the one at `start`.
std::size_t run_end(TextView text, std::size_t start) {
  return std::min(text.find_first_not_of(text[start], start), text.size());
}

std::string escape(char32_t c) {
  if (c == U'"' || c == U'\\') return {'\\', static_cast<char>(c)};
  const std::size_t at = escaped_characters.find(c);
  if (at != TextView::npos) return {'\\', escape_letters[at]};
  const auto code = static_cast<std::uint32_t>(c);
  if (code <= 0xFF) return fmt::format("\\x{:02X}", code);
  return code <= 0xFFFF ? fmt::format("\\u{:04X}", code) : fmt::format("\\U{:08X}", code);
}

bool needs_escape(char32_t c) {
  return c == U'"' || c == U'\\' || c < U' ' || c > U'~';
}

}  // namespace

void TextWriter::put(std::string_view text) {
  out_ += text;
  column_ += text.size();
}

void TextWriter::put(TextView text) {
  out_.append(text.begin(), text.end());
  column_ += text.size();
}

void TextWriter::line_break() {
  out_ += '\n';
  column_ = 0;
  after_blank_ = true;
  at_level_start_ = true;
}

void TextWriter::indicator(std::string_view text, bool after_blank, bool opens_level) {
  if (after_blank && !after_blank_) put(" ");
  put(text);
  after_blank_ = false;
  at_level_start_ = at_level_start_ && opens_level;
}

void TextWriter::indent_to(std::size_t indent) {
  if (!at_level_start_ || column_ > indent || (column_ == indent && !after_blank_)) line_break();
  if (column_ < indent) {
    put(std::string(indent - column_, ' '));
    after_blank_ = true;
  }
}

void TextWriter::fold(std::size_t indent) {
  indent_to(indent);
  after_blank_ = false;
  at_level_start_ = false;
}

void TextWriter::word(std::string_view word) {
  if (!after_blank_) put(" ");
  put(word);
  after_blank_ = false;
  at_level_start_ = false;
}

void TextWriter::text(TextView text, TextStyle style, std::size_t indent, bool broken) {
  switch (style) {
    case TextStyle::plain:
      plain(text, indent, broken);
      return;
    case TextStyle::single_quoted:
      single_quoted(text, indent, broken);
      return;
    case TextStyle::double_quoted:
      double_quoted(text, indent, broken);
      return;
  }
}

void TextWriter::plain(TextView text, std::size_t indent, bool broken) {
  word("");
  for (std::size_t i = 0; i < text.size();) {
    const bool blank = text[i] == U' ';
    const std::size_t end = blank ? run_end(text, i) : std::min(text.find(U' ', i), text.size());
    if (blank && end == i + 1 && column_ > width && broken) {
      fold(indent);
    } else {
      put(text.substr(i, end - i));
    }
    i = end;
  }
}

void TextWriter::single_quoted(TextView text, std::size_t indent, bool broken) {
  indicator("'", true);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = text[i] == U' ' || text[i] == U'\n'
                                ? run_end(text, i)
                                : std::min(text.find_first_of(U" \n'", i + 1), text.size());
    if (text[i] == U'\n') {
      // One more break than the text has: a single one would be read as a blank.
      for (std::size_t breaks = 0; breaks <= end - i; ++breaks) line_break();
      indent_to(indent);
    } else if (text[i] == U' ' && end == i + 1 && column_ > width && broken && i != 0 &&
               end != text.size()) {
      indent_to(indent);
    } else {
      if (text[i] == U'\'') put("'");
      put(text.substr(i, end - i));
    }
    i = end;
  }
  after_blank_ = false;
  at_level_start_ = false;
  indicator("'", false);
}

void TextWriter::double_quoted(TextView text, std::size_t indent, bool broken) {
  indicator("\"", true);
  std::size_t written = 0;
  const auto write_until = [&](std::size_t end) {
    put(text.substr(written, end - written));
    written = end;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (needs_escape(text[i])) {
      if (written < i) write_until(i);
      put(escape(text[i]));
      written = i + 1;
    }
    // Before a blank, or behind an escape; `written` may already be past this character.
    const bool may_break = i > 0 && i + 1 < text.size() && (text[i] == U' ' || written >= i);
    const std::size_t pending = written < i ? i - written : 0;
    const std::size_t past = written > i ? written - i : 0;
    if (!may_break || !broken || column_ + pending <= width + past) continue;
    if (written < i) write_until(i);
    put("\\");
    fold(indent);
    if (text[written] == U' ') put("\\");
  }
  if (written < text.size()) write_until(text.size());
  indicator("\"", false);
}

}  // namespace malet::base::yaml
