#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace malet::base::yaml {

/// How PyYAML's dump writes a text in YAML.
enum class TextStyle { plain, single_quoted, double_quoted };

/// The style in which a text is read back as the same text.
[[nodiscard]] TextStyle choose_style(std::u32string_view text);

/// Whether a text can be a key before `:`; other keys are written behind `? `.
[[nodiscard]] bool is_simple_key(std::u32string_view text);

/// The code points of a UTF-8 text; a byte that is no UTF-8 counts as the code point of its value.
[[nodiscard]] std::u32string decode(std::string_view text);

/// Writes YAML text and keeps track of the column, which decides about blanks and line breaks.
class TextWriter {
 public:
  /// Appends one of `- ? : [] {}` or a quote, behind a blank when `after_blank`. With `opens_level`
  /// the first value of the next level may follow on the same line (`- a: 1`).
  void indicator(std::string_view text, bool after_blank, bool opens_level = false);
  /// Goes to column `indent` of a new line, or of this line while it holds indicators only.
  void indent_to(std::size_t indent);
  /// Appends text in a style. With `broken`, which keys are not, long lines go on in the next line
  /// at column `indent`.
  void text(std::u32string_view text, TextStyle style, std::size_t indent, bool broken);
  /// Appends a blank and ASCII text as it is.
  void word(std::string_view word);

  /// Whether only indicators stand on this line so far.
  [[nodiscard]] bool at_level_start() const { return at_level_start_; }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void put(std::string_view text);
  void put(std::u32string_view text);
  void line_break();
  void fold(std::size_t indent);
  void plain(std::u32string_view text, std::size_t indent, bool broken);
  void single_quoted(std::u32string_view text, std::size_t indent, bool broken);
  void double_quoted(std::u32string_view text, std::size_t indent, bool broken);

  std::string out_;
  std::size_t column_ = 0;
  bool after_blank_ = true;
  bool at_level_start_ = true;
};

}  // namespace malet::base::yaml
