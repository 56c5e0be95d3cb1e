#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace malet::base {

/// Splits a command into its arguments by the quoting rules of the POSIX shell. Expands nothing:
/// $, globs, ~ and # stand for themselves.
///
/// Blanks and line breaks separate. '...' keeps everything. In "...", a backslash escapes $ ` "
/// \ and removes a line break. Outside of quotes a backslash keeps the next character and removes a
/// line break. '' is an empty argument.
///
/// Throws Error(bad_input), with the byte counted from 1, for an unclosed quote, a backslash at the
/// end and a NUL byte; and for an unquoted shell operator (`|`, `>`, `&&`, `2>&1`, ...), which
/// would need a shell.
[[nodiscard]] std::vector<std::string> split_words(std::string_view command);

/// A text as one word for the shell, quoted where needed: the inverse of split_words.
[[nodiscard]] std::string shell_word(std::string_view text);

/// Words as one command line for the shell, each as shell_word.
[[nodiscard]] std::string shell_line(const std::vector<std::string>& words);

}  // namespace malet::base
